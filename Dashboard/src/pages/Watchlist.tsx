import { useCallback, useDeferredValue, useEffect, useRef, useState } from "react";
import { address } from "../api/client";
import type { Watchlist } from "../api/types";
import { useLiveReload } from "../live/useLiveReload";
import { useQuery } from "../routing/navigation";
import { useWords } from "../state/domain";
import { useResource } from "../state/useResource";
import { counted } from "../format";
import { Behind } from "../ui/Behind";
import { Empty, Loaded } from "../ui/States";
import { useSteady } from "../ui/useSteady";
import { ExportButton } from "./watchlist/ExportButton";
import { Filters } from "./watchlist/Filters";
import { Pager } from "./watchlist/Pager";
import { WatchlistTable } from "./watchlist/WatchlistTable";

export const pageSize = 25;

/** Customers by risk: the address holds every filter, so that a link shows what was seen. */
export function WatchlistPage() {
    const words = useWords();
    const [query, change] = useQuery();
    const segment = words.domain.segment_column;
    const filter = { risk: query.getAll("risk"), [segment]: query.getAll(segment), search: query.get("search") ?? "" };
    const page = Math.max(1, Number(query.get("page")) || 1);
    const order = { sort: query.get("sort"), order: query.get("order") };
    const path = address("/api/watchlist", { ...filter, ...order, page, limit: pageSize });
    const list = useResource<Watchlist>(path);
    const place = useRef<HTMLDivElement>(null);
    const steady = useSteady(place, list.data, path);
    const kept = steady.data;
    useLiveReload(list.reload, 2_000);
    const set = useCallback(
        (values: Record<string, string | string[] | null>) => change({ page: null, ...values }, true), [change]);
    const isFiltered = filter.risk.length > 0 || query.getAll(segment).length > 0 || filter.search !== "";
    return (
        <>
            <div className="page-head">
                <div>
                    <h1>Watchlist</h1>
                    <p role="status">{kept === null
                        ? "Customers, highest risk first"
                        : `${counted(kept.total_users, "customer")}${isFiltered ? " found" : ""}`}</p>
                </div>
                <div className="actions"><ExportButton path={address("/api/watchlist/export", { ...filter,
                    sort: order.sort ?? "risk", order: order.order, format: "csv" })} name="watchlist.csv" /></div>
            </div>
            <section className="panel" aria-label="Customers">
                <Filters query={query} set={set} />
                <Behind isBehind={steady.isBehind} />
                <Loaded of={kept === null || list.failure !== null ? list : { ...list, data: kept }} height={480}
                    isEmpty={(data) => data.users.length === 0}
                    empty={<Empty title="No customer matches">Take a filter away to see more.
                        {isFiltered && <button type="button" className="button" data-size="small"
                            onClick={() => set({ risk: null, [segment]: null,
                                search: null })}>Clear filters</button>}</Empty>}>
                    {(data) => (
                        <>
                            <WatchlistTable place={place} users={data.users} sort={order.sort ?? "risk"}
                                direction={order.order} set={set} isBehind={list.data === null} />
                            <Pager page={page} pages={data.total_pages} total={data.total_users} size={pageSize}
                                go={(to) => change({ page: to === 1 ? null : String(to) })} />
                        </>
                    )}
                </Loaded>
            </section>
            <p className="faint keys-hint">Keys: <kbd>j</kbd> <kbd>k</kbd> to move, <kbd>Enter</kbd> to open,{" "}
                <kbd>/</kbd> to find, <kbd>?</kbd> for all keys.</p>
        </>
    );
}

/** A text that follows typing at once and the address a little later. */
export function useSlowText(value: string, commit: (text: string) => void): [string, (text: string) => void] {
    const [text, setText] = useState(value);
    const slow = useDeferredValue(text);
    const committed = useRef(value);
    useEffect(() => {
        if (value !== committed.current) {
            committed.current = value;
            setText(value);
        }
    }, [value]);
    useEffect(() => {
        if (slow === committed.current) return;
        const timer = setTimeout(() => {
            committed.current = slow;
            commit(slow);
        }, 250);
        return () => clearTimeout(timer);
    }, [slow, commit]);
    return [text, setText];
}
