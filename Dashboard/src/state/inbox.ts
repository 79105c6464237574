import { Store } from "./store";

/** The number of open cases; null until it is known. */
export const openCases = new Store<number | null>(null);
