export { mountApi } from "./express";
export { answerFetch } from "./fetch";
