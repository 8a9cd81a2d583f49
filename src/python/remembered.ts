// What many places of a file or project ask about the same node, variable or container is worked out once.

/** Answers by question and object. Written by `remembered` alone. */
export type KnownAnswers = Map<unknown, Map<object, unknown>>;

/** A file or a project. */
interface Asked {
  readonly answers: KnownAnswers;
}

/**
 * The answer of `question` about `about`, which must be the same whenever it is asked of the same file or project. O(1) after the
 * first time.
 */
export function remembered<Whole extends Asked, About extends object, Answer>(
  whole: Whole,
  question: (about: About, whole: Whole) => Answer,
  about: About,
): Answer {
  let known = whole.answers.get(question);
  if (known === undefined) {
    known = new Map();
    whole.answers.set(question, known);
  }
  if (!known.has(about)) known.set(about, question(about, whole));
  // What is kept under a question is what that question has answered.
  return known.get(about) as Answer;
}
