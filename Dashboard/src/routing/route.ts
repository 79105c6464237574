/** The pages, as addresses name them. */
export type Route =
    | { page: "dashboard" }
    | { page: "watchlist" }
    | { page: "customer"; id: string }
    | { page: "analytics" }
    | { page: "live" }
    | { page: "cases" }
    | { page: "nowhere" };

/** The page of a path; text that is no percent-encoded UTF-8 leads nowhere. */
export function routeOf(pathname: string): Route {
    const parts = pathname.split("/").filter((part) => part !== "");
    if (parts.length === 0) return { page: "dashboard" };
    if (parts.length === 2 && parts[0] === "customer") {
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

export const customerAddress = (id: string) => `/customer/${encodeURIComponent(id)}`;
