import { useEffect } from "react";
import type { Band, StoredEvent } from "../../api/types";
import { Failure } from "../../api/failure";
import { holes, link } from "../../live/feed";
import { bandOf } from "../../state/bandOf";
import { useWords } from "../../state/domain";
import { useStore } from "../../state/store";
import { useChanged } from "../../state/useChanged";
import { useResource } from "../../state/useResource";
import { ViewState, liveView } from "./LiveView";
import { RowFilter, queryOf, rowOfEvent } from "./rows";

export interface FeedRows extends ViewState {
    failure: Failure | null;
    isLoading: boolean;
    reload: () => void;
}

/** The newest events that a filter admits: those of the history, then those of the feed; read again after a hole. */
export function useFeedRows(filter: RowFilter): FeedRows {
    const words = useWords();
    const history = useResource<StoredEvent[]>("/api/events/history?limit=50");
    const view = useStore(liveView);
    const query = queryOf(filter);
    const segmentField = words.updateField(words.domain.segment_column);
    useEffect(() => liveView.open(filter, segmentField), [query, segmentField]);
    useEffect(() => () => liveView.leave(), []);
    // What happened while there was no connection, or in a hole, is in the history.
    const { phase } = useStore(link);
    useChanged(`${phase} ${useStore(holes)} ${view.holes}`, () => {
        if (phase === "live") history.reload();
    });
    useEffect(() => {
        if (history.data === null) return;
        const band = (probability: number): Band => bandOf(probability, words.domain.bands);
        liveView.fill(history.data.map((event) => rowOfEvent(event, band)));
    }, [history.data, words, query]);
    return { ...view, failure: view.rows.length === 0 ? history.failure : null, isLoading: history.isLoading
        && history.data === null, reload: history.reload };
}
