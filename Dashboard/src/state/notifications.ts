import type { Update } from "../live/frames";
import { customerAddress } from "../routing/route";
import { percent } from "../format";
import { navigate } from "../routing/navigation";
import { Store } from "./store";

const place = "churn.notifications";
const least = 10_000;
let last = 0;

const isPossible = () => typeof Notification === "function";

/** Whether the browser notifies the user of customers that became at risk. */
export const notifications = new Store<boolean>(
    isPossible() && Notification.permission === "granted" && read() === "on");

function read(): string | null {
    try {
        return localStorage.getItem(place);
    } catch {
        return null;
    }
}

/** Turns notifications on, asking the browser's permission, or off; returns why it could not. */
export async function setNotifications(on: boolean): Promise<string | null> {
    if (on) {
        if (!isPossible()) return "This browser has no notifications.";
        if ((await Notification.requestPermission()) !== "granted") {
            return "The browser does not allow notifications for this site.";
        }
    }
    try {
        localStorage.setItem(place, on ? "on" : "off");
    } catch {
        // It then holds as long as the page.
    }
    notifications.set(on);
    return null;
}

/** Notifies of customers that became at risk; one notification for all that come within some seconds. */
export function notify(batch: Update[], now = Date.now()): void {
    if (!notifications.get() || !document.hidden || now - last < least) return;
    const fresh = batch.filter(({ payload }) => payload.became_at_risk === true);
    const first = fresh[0];
    if (first === undefined) return;
    last = now;
    const more = fresh.length > 1 ? ` and ${fresh.length - 1} more` : "";
    const note = new Notification(`${first.payload.user_id}${more} at risk`, {
        body: `Churn probability ${percent(first.payload.churn_probability)}`, tag: "churn-at-risk",
    });
    note.onclick = () => {
        window.focus();
        navigate(customerAddress(first.payload.user_id));
        note.close();
    };
}
