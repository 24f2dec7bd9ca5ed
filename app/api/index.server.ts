export { answerFetch } from "./answer-fetch";
export { mountApi } from "./mount";
