/** The pages, as addresses name them. */
export type Route =
    | { page: "dashboard" }
    | { page: "watchlist" }
    | { page: "customer"; id: string }
    | { page: "analytics" }
    | { page: "live" }
    | { page: "cases" }
    | { page: "nowhere" };

/** The page of an address; text that is no percent-encoded UTF-8 leads nowhere. */
export function routeOf(address: string): Route {
    const [pathname = "", query = ""] = address.split("?", 2);
    const parts = pathname.split("/").filter((part) => part !== "");
    if (parts.length === 0) return { page: "dashboard" };
    if (parts.length === 2 && parts[0] === "customer") {
        const named = parts[1] === "-" ? new URLSearchParams(query).get("user_id") : null;
        if (named !== null && named !== "") return { page: "customer", id: named };
        try {
            return { page: "customer", id: decodeURIComponent(parts[1]!) };
        } catch {
            return { page: "nowhere" };
        }
    }
    if (parts.length !== 1) return { page: "nowhere" };
    switch (parts[0]) {
        case "watchlist": return { page: "watchlist" };
        case "analytics": return { page: "analytics" };
        case "live": return { page: "live" };
        case "alerts": return { page: "cases" };
        default: return { page: "nowhere" };
    }
}

/**
 * Whether a path carries an id unchanged: proxies decode slashes and percent signs, and browsers follow dots. Where it
 * does not, a dash has its place and the query names the customer.
 */
const fitsPath = (id: string) => /^[A-Za-z0-9_~][A-Za-z0-9_.~-]{0,127}$/.test(id);

/** The address of a customer below a path. */
export const customerPlace = (path: string, id: string) =>
    fitsPath(id) ? `${path}/${encodeURIComponent(id)}` : `${path}/-?user_id=${encodeURIComponent(id)}`;

export const customerAddress = (id: string) => customerPlace("/customer", id);
