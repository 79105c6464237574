import { useEffect, useState } from "react";
import type { CasePage, Domain } from "./api/types";
import { link, startFeed, watchUpdates } from "./live/feed";
import { useLiveReload } from "./live/useLiveReload";
import { useCaseReload } from "./live/notes";
import type { LiveSocket } from "./live/LiveSocket";
import { useRoute } from "./routing/navigation";
import { DomainContext, useNewWords } from "./state/domain";
import { openCases } from "./state/inbox";
import { notify } from "./state/notifications";
import { useMe } from "./state/me";
import { session } from "./state/session";
import { useStore } from "./state/store";
import { useResource } from "./state/useResource";
import { CasesPage } from "./pages/Cases";
import { AnalyticsPage } from "./pages/Analytics";
import { CustomerPage } from "./pages/Customer";
import { DashboardPage } from "./pages/Dashboard";
import { LivePage } from "./pages/Live";
import { NowherePage } from "./pages/Nowhere";
import { SignIn } from "./pages/SignIn";
import { WatchlistPage } from "./pages/Watchlist";
import { Failed, Skeleton } from "./ui/States";
import { Shell } from "./ui/Shell";
import { words } from "./format";

// One connection for the page's life, whatever React mounts twice.
let feed: LiveSocket | null = null;

/** Pages wait for the feed for this long, in milliseconds. */
const patience = 1_000;

export function App() {
    const { isNeeded } = useStore(session);
    if (isNeeded) return <SignIn />;
    return <SignedIn />;
}

function SignedIn() {
    const domain = useResource<Domain>("/api/domain");
    const known = useNewWords(domain.data);
    const [socket, setSocket] = useState<LiveSocket | null>(feed);
    useMe();
    const isFollowing = useFollowing();
    useEffect(() => {
        feed ??= startFeed();
        setSocket(feed);
        return watchUpdates((batch) => notify(batch));
    }, []);
    return (
        <DomainContext.Provider value={known}>
            <Shell domain={words(domain.data?.name ?? "")} socket={socket}>
                {known !== null && isFollowing ? <Page /> : domain.failure !== null
                    ? <Failed failure={domain.failure} retry={domain.reload} />
                    : <Skeleton height={420} />}
            </Shell>
        </DomainContext.Provider>
    );
}

/**
 * Whether pages may read. What is read before the feed has begun must be read once more when it has, so they wait for
 * it a moment; it begins while the domain is read.
 */
function useFollowing(): boolean {
    const { phase } = useStore(link);
    const [isLate, setLate] = useState(false);
    useEffect(() => {
        const timer = setTimeout(() => setLate(true), patience);
        return () => clearTimeout(timer);
    }, []);
    return isLate || phase !== "connecting";
}

function Page() {
    const route = useRoute();
    useOpenCases();
    switch (route.page) {
        case "dashboard": return <DashboardPage />;
        case "watchlist": return <WatchlistPage />;
        case "customer": return <CustomerPage key={route.id} id={route.id} />;
        case "analytics": return <AnalyticsPage />;
        case "live": return <LivePage />;
        case "cases": return <CasesPage />;
        case "nowhere": return <NowherePage />;
    }
}

/** Keeps the number in the navigation. */
function useOpenCases(): void {
    const cases = useResource<CasePage>("/api/alerts?limit=1");
    const { data } = cases;
    useEffect(() => {
        if (data !== null) openCases.set(data.counts.open);
    }, [data]);
    useLiveReload(cases.reload, 5_000, (update) => update.payload.became_at_risk === true);
    useCaseReload(cases.reload);
}
