import type { CustomerRecord } from "../../api/types";
import { useNow } from "../../state/useNow";
import type { Resource } from "../../state/useResource";
import { bandOf } from "../../state/bandOf";
import { useWords } from "../../state/domain";
import { ago, dateTime, words as inWords } from "../../format";
import { Score } from "../../ui/Badge";
import { Panel } from "../../ui/Panel";
import { Empty, Loaded } from "../../ui/States";

const detailsOf = (data: unknown): string => {
    const text = typeof data === "object" && data !== null ? (data as Record<string, unknown>)["details"] : null;
    return typeof text === "string" ? text : "";
};

export function Events({ record }: { record: Resource<CustomerRecord> }) {
    const words = useWords();
    const now = useNow();
    return (
        <Panel title="Recent events" note="The newest 15" flush>
            <Loaded of={record} isEmpty={(data) => data.recent_events.length === 0}
                empty={<Empty title="No events yet" />}>
                {(data) => (
                    <div className="scroll" tabIndex={0} role="region" aria-label="Table of recent events">
                        <table className="cards">
                            <thead><tr><th scope="col">Event</th><th scope="col">Score after it</th>
                                <th scope="col">Details</th><th scope="col" className="end">When</th></tr></thead>
                            <tbody>
                                {data.recent_events.map((event) => (
                                    <tr key={event.event_id}>
                                        <th scope="row">{inWords(event.event_type)}</th>
                                        <td><Score value={event.churn_probability}
                                            band={event.churn_probability === null
                                                ? null : bandOf(event.churn_probability, words.domain.bands)} /></td>
                                        <td className="soft wrap spare">{detailsOf(event.event_data)}</td>
                                        <td className="end soft"><time dateTime={event.event_timestamp}
                                            title={dateTime(event.event_timestamp)}>{ago(event.event_timestamp, now)}
                                                </time></td>
                                    </tr>
                                ))}
                            </tbody>
                        </table>
                    </div>
                )}
            </Loaded>
        </Panel>
    );
}
