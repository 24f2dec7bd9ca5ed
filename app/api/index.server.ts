export { answerFetch } from "./fetch";
export { askApi } from "./node";
