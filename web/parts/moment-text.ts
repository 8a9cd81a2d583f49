// A moment, for people who were there: the local time, and the date unless it is today.

export function momentText(ms: number): string {
  const moment = new Date(ms);
  const time = moment.toLocaleTimeString("en-GB");
  const isToday = moment.toDateString() === new Date().toDateString();
  return isToday ? time : `${moment.toLocaleDateString("en-GB", { dateStyle: "medium" })}, ${time}`;
}
