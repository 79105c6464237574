import { ReactNode, useEffect } from "react";
import type { LiveSocket } from "../live/LiveSocket";
import { Link } from "../routing/Link";
import { useRoute } from "../routing/navigation";
import { openCases } from "../state/inbox";
import { session } from "../state/session";
import { useStore } from "../state/store";
import { count } from "../format";
import { ConnectionBanner, ConnectionPill } from "./ConnectionBanner";
import { FindCustomer } from "./FindCustomer";
import { Icon, IconName, Logo } from "./icons";
import { KeysHelp } from "./KeysHelp";
import { ThemeButton, ThemeSwitch } from "./ThemeSwitch";
import { Toasts } from "./toasts";

const places: [string, string, IconName, string[]][] = [
    ["/", "Dashboard", "overview", ["dashboard"]],
    ["/watchlist", "Watchlist", "watchlist", ["watchlist", "customer"]],
    ["/alerts", "Cases", "cases", ["cases"]],
    ["/analytics", "Analytics", "analytics", ["analytics"]],
    ["/live", "Live feed", "live", ["live"]],
];

export function Shell(
    { domain, socket, children }: { domain: string; socket: LiveSocket | null; children: ReactNode },
) {
    const route = useRoute();
    const open = useStore(openCases);
    const { token } = useStore(session);
    const title = places.find(([, , , pages]) => pages.includes(route.page))?.[1] ?? "Nothing here";
    useEffect(() => {
        const name = route.page === "customer" ? route.id : title;
        document.title = `${name} · Churn`;
    }, [route, title]);
    return (
        <div className="shell">
            <a className="skip" href="#content">Skip to the content</a>
            <nav className="rail" aria-label="Pages">
                <Link href="/" className="brand" aria-label="Churn, to the dashboard">
                    <Logo /><div>Churn<small>{domain}</small></div>
                </Link>
                <ul className="rail-links">
                    {places.map(([href, name, icon, pages]) => (
                        <li key={href}>
                            <Link className="rail-link" href={href}
                                aria-current={pages.includes(route.page) ? "page" : undefined} title={name}>
                                <Icon name={icon} size={18} /><span>{name}</span>
                                {href === "/alerts" && open !== null && open > 0 && (
                                    <span className="rail-count number"><span className="visually-hidden">open: </span>
                                        {open > 999 ? "999+" : count(open)}</span>
                                )}
                            </Link>
                        </li>
                    ))}
                </ul>
                <div className="rail-foot"><ThemeSwitch /></div>
            </nav>
            <div className="main">
                <header className="head">
                    <div className="topbar">
                        <FindCustomer />
                        <div className="topbar-end">
                            <ConnectionPill />
                            <ThemeButton />
                            {token !== null && (
                                <button type="button" className="button icon-button" data-kind="quiet"
                                    aria-label="Sign out" title="Sign out" onClick={() => session.signOut()}>
                                    <Icon name="leave" />
                                </button>
                            )}
                        </div>
                    </div>
                    <ConnectionBanner socket={socket} />
                </header>
                <main id="content" className="page" tabIndex={-1}>{children}</main>
            </div>
            <Toasts />
            <KeysHelp />
        </div>
    );
}
