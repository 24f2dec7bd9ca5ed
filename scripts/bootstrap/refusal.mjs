/** Something that a person must know or do, said in the message; no stack is shown for it. */
export class Refusal extends Error {
  /** @override */
  name = "Refusal";
}
