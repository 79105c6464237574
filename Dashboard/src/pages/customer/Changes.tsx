import { below } from "../../api/client";
import type { ScoreChange } from "../../api/types";
import { useNow } from "../../state/useNow";
import { useResource } from "../../state/useResource";
import { ago, dateTime, percent, points, words } from "../../format";
import { Panel } from "../../ui/Panel";
import { Empty, Loaded } from "../../ui/States";
import { useReloadOn } from "./Reasons";

/** Why the score changed, event by event. */
export function Changes({ base, score }: { base: string; score: string | null }) {
    const changes = useResource<{ items: ScoreChange[] }>(below(base, "/changes?limit=8"));
    useReloadOn(score, changes.reload);
    const now = useNow();
    return (
        <Panel title="Why it changed" note="Each event that moved the score" className="span-6">
            <Loaded of={changes} height={200} absent="This server's model does not explain changes."
                isEmpty={(data) => data.items.length === 0}
                empty={<Empty title="No change yet">The score has not moved since the first event.</Empty>}>
                {(data) => (
                    <ol className="story">
                        {data.items.map((item) => {
                            const change = item.from_probability === null
                                ? null : item.to_probability - item.from_probability;
                            return (
                                <li key={item.event_id}>
                                    <div className="story-head">
                                        <strong>{words(item.event_type)}</strong>
                                        {change !== null && <span className="effect number" data-tone={change > 0
                                            ? "bad" : "good"}>{points(change)}</span>}
                                        <span className="faint number">
                                            {percent(item.from_probability)} to {percent(item.to_probability)}</span>
                                        <time className="faint" dateTime={item.event_timestamp}
                                            title={dateTime(item.event_timestamp)}>{ago(item.event_timestamp, now)}
                                                </time>
                                    </div>
                                    <p>{item.text}</p>
                                </li>
                            );
                        })}
                    </ol>
                )}
            </Loaded>
        </Panel>
    );
}
