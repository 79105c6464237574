import { Store } from "./store";

/** The number of open alerts; null until it is known. */
export const openAlerts = new Store<number | null>(null);
