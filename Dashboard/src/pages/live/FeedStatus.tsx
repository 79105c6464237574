import { counted } from "../../format";
import type { FeedRows } from "./useFeedRows";

/** Why rows stand still, how many wait, and how many were never in view. */
export function FeedStatus({ feed }: { feed: FeedRows }) {
    const parts: string[] = [];
    if (feed.isPaused) parts.push("Paused");
    else if (feed.isHeld) parts.push("Held while you point at a row");
    if (feed.waiting > 0 && (feed.isPaused || feed.isHeld)) parts.push(`${counted(feed.waiting, "update")} waiting`);
    if (feed.dropped > 0) parts.push(`${counted(feed.dropped, "update")} not shown, more than there is room for`);
    if (feed.link !== null && (feed.link.phase === "waiting" || feed.link.phase === "ended")) {
        parts.push(`The filtered feed is not connected. ${feed.link.why}`);
    }
    return <p className="feed-status faint number" data-testid="feed-status">{parts.join(" · ")}</p>;
}
