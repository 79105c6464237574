import type { LinkState, LiveSocket } from "../live/LiveSocket";
import { link } from "../live/feed";
import { useStore } from "../state/store";
import { useNow } from "../state/useNow";
import { Icon } from "./icons";

export const linkWords: Record<LinkState["phase"], string> = {
    connecting: "Connecting", live: "Live", waiting: "Offline", "signed-out": "Signed out", ended: "Live feed off",
};

/** Says what is going on whenever the page is not live, and what happens next. */
export function ConnectionBanner({ socket }: { socket: LiveSocket | null }) {
    const state = useStore(link);
    const now = useNow(500);
    if (state.phase === "live" || state.phase === "signed-out") return null;
    if (state.phase === "connecting" && state.attempt === 0) return null;
    const seconds = state.phase === "waiting" ? Math.max(0, Math.ceil((state.until - now) / 1000)) : 0;
    return (
        <div className="banner" role="status" data-tone={state.phase}>
            <Icon name="warning" />
            {state.phase === "ended" && <span>{state.why}</span>}
            {state.phase === "connecting" && <span>Connecting again. Figures may be behind.</span>}
            {state.phase === "waiting" && (
                <>
                    <span>{state.why}. Trying again in {seconds} s; nothing is lost meanwhile.</span>
                    <button type="button" className="button" data-size="small"
                        onClick={() => socket?.retryNow()}>Try now</button>
                </>
            )}
        </div>
    );
}

export function ConnectionPill() {
    const state = useStore(link);
    return (
        <span className="pill" data-testid="connection">
            <span className="dot" data-state={state.phase} aria-hidden="true" />
            {linkWords[state.phase]}
        </span>
    );
}
