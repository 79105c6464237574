import { Store } from "./store";

/** How many alerts are open; null until it is known. */
export const openAlerts = new Store<number | null>(null);
