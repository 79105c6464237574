import { memo, useRef } from "react";
import { Link } from "../../routing/Link";
import { customerAddress } from "../../routing/route";
import { useWords } from "../../state/domain";
import { clock, words as inWords } from "../../format";
import { Badge, Score } from "../../ui/Badge";
import { Empty, Failed, Skeleton } from "../../ui/States";
import { Held, useHold } from "../../ui/useHold";
import { useRowKeys } from "../../ui/useRowKeys";
import { liveView } from "./LiveView";
import type { Row } from "./rows";
import type { FeedRows } from "./useFeedRows";

const held: Held = {
    hold: (isHeld) => liveView.hold(isHeld),
    // A mouse holds the rows before it can press; a finger has no such warning.
    movedAt: () => (liveView.get().isHeld ? -Infinity : liveView.movedAt),
};

/** The newest rows; a row's element is used again for the next one in its place, which costs least at high rates. */
export function FeedTable({ feed }: { feed: FeedRows }) {
    const words = useWords();
    const place = useRef<HTMLDivElement>(null);
    useHold(place, held);
    useRowKeys(place);
    if (feed.rows.length === 0) {
        if (feed.isLoading) return <Skeleton height={420} />;
        if (feed.failure !== null) return <Failed failure={feed.failure} retry={feed.reload} />;
        return <Empty title="Nothing yet" icon="live">
            {feed.isPaused ? "The feed is paused." : "The next event that matches appears here."}</Empty>;
    }
    return (
        <div className="scroll feed" ref={place} tabIndex={0} role="region" aria-label="Newest updates">
            <table className="cards">
                <caption className="visually-hidden">The newest {feed.rows.length} updates, newest first</caption>
                <thead>
                    <tr>
                        <th scope="col">Time</th><th scope="col">Customer</th><th scope="col">Event</th>
                        <th scope="col">Probability</th><th scope="col">Risk</th>
                        <th scope="col">{words.segment}</th><th scope="col">What happened</th>
                    </tr>
                </thead>
                <tbody>{feed.rows.map((row, place) => <Line key={place} row={row} />)}</tbody>
            </table>
        </div>
    );
}

const Line = memo(function Line({ row }: { row: Row }) {
    return (
        <tr data-row data-alert={row.isAlert || undefined} data-event={row.id}>
            <td className="soft number">{clock(row.at)}</td>
            <th scope="row"><Link href={customerAddress(row.customer)}>{row.customer}</Link></th>
            <td>{inWords(row.eventType)}</td>
            <td><Score value={row.probability} band={row.band} /></td>
            <td><Badge band={row.band} />{row.becameAtRisk && <span className="tag">Became at risk</span>}</td>
            <td className="soft spare">{row.segment}</td>
            <td className="soft clip spare feed-text">{row.text}</td>
        </tr>
    );
});
