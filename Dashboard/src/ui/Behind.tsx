/** Says that a list stands still, and why. */
export function Behind({ isBehind }: { isBehind: boolean }) {
    return <p className="feed-status faint">{isBehind ? "Held while you point at a row; newer rows wait" : ""}</p>;
}
