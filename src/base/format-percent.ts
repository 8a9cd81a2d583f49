// Shares for people. What is not everything is never shown as 100 %, what is not nothing never as 0 %.

/** `share` is 0..1: "71.2 %", "<0.1 %", "100 %", ">99.9 %". */
export function formatPercent(share: number, decimals: number = 1): string {
  if (!Number.isFinite(share)) return "unknown";
  if (share <= 0) return "0 %";
  if (share === 1) return "100 %";
  const smallest = 10 ** -decimals;
  const percent = share * 100;
  if (percent < smallest) return `<${smallest.toFixed(decimals)} %`;
  if (percent < 100 && percent > 100 - smallest) return `>${(100 - smallest).toFixed(decimals)} %`;
  return `${percent.toFixed(decimals)} %`;
}
