import { useEffect, useMemo, useRef, useState } from "react";
import type { Band, StoredEvent } from "../../api/types";
import { Failure } from "../../api/failure";
import type { Update } from "../../live/frames";
import { useWebSocket } from "../../live/useWebSocket";
import { useWords } from "../../state/domain";
import { useResource } from "../../state/useResource";
import { bandOf } from "../../state/bandOf";
import { Row, RowFilter, admits, joined, most, rowOfEvent, rowOfUpdate } from "./rows";

/** Rows are drawn this often at most, less often where many come at once: a person reads no faster. */
const drawEvery = 250;
const drawManyEvery = 500;
const many = 50;

export interface FeedRows {
    rows: Row[];
    /** The number of updates that came while the feed was paused. */
    waiting: number;
    failure: Failure | null;
    isLoading: boolean;
    reload: () => void;
}

/** The newest events: those of the history, then those of the feed; read again after a hole. */
export function useFeedRows(filter: RowFilter, isPaused: boolean): FeedRows {
    const words = useWords();
    const history = useResource<StoredEvent[]>("/api/events/history?limit=50");
    const all = useRef<Row[]>([]);
    const fresh = useRef<Update[]>([]);
    const [version, setVersion] = useState(0);
    const [waiting, setWaiting] = useState(0);
    const segmentField = words.updateField(words.domain.segment_column);
    const paused = useRef(isPaused);
    paused.current = isPaused;
    const lastCount = useRef(0);
    const drawn = useRef({ last: 0, timer: undefined as ReturnType<typeof setTimeout> | undefined });

    const take = () => {
        drawn.current.timer = undefined;
        drawn.current.last = performance.now();
        if (paused.current) {
            setWaiting(fresh.current.length);
            return;
        }
        lastCount.current = fresh.current.length;
        const rows = fresh.current.slice(-most).reverse().map((update) => rowOfUpdate(update, segmentField));
        fresh.current = [];
        all.current = joined(rows, all.current);
        setWaiting(0);
        setVersion((n) => n + 1);
    };
    const soon = () => {
        if (drawn.current.timer !== undefined) return;
        const pause = lastCount.current > many ? drawManyEvery : drawEvery;
        const wait = drawn.current.last + pause - performance.now();
        if (wait <= 0) take();
        else drawn.current.timer = setTimeout(take, wait);
    };
    const { link, holes } = useWebSocket((batch) => {
        fresh.current.push(...batch);
        if (fresh.current.length > 5_000) fresh.current.splice(0, fresh.current.length - 5_000);
        soon();
    });
    useEffect(() => () => clearTimeout(drawn.current.timer), []);
    useEffect(() => {
        if (!isPaused) soon();
    }, [isPaused]);
    // What happened between the first reading and the connection is in neither: so it is read again behind it.
    useEffect(() => {
        if (link.phase === "live") history.reload();
    }, [link.phase, holes]);
    useEffect(() => {
        if (history.data === null) return;
        const band = (probability: number): Band => bandOf(probability, words.domain.bands);
        const old = history.data.map((event) => rowOfEvent(event, band));
        all.current = joined([], [...all.current, ...old].sort((a, b) => Number(b.id) - Number(a.id) || b.at - a.at));
        setVersion((n) => n + 1);
    }, [history.data, words]);

    const key = JSON.stringify(filter);
    const rows = useMemo(() => all.current.filter((row) => admits(filter, row)), [version, key]);
    return { rows, waiting, failure: rows.length === 0 ? history.failure : null, isLoading: history.isLoading
        && history.data === null, reload: history.reload };
}
