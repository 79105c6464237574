import { useState } from "react";
import { address } from "../../api/client";
import type { Importance } from "../../api/types";
import { Bars } from "../../charts/Bars";
import { Figure } from "../../charts/Figure";
import { useWords } from "../../state/domain";
import { amount, precise } from "../../format";
import { useResource } from "../../state/useResource";
import { Empty, Loaded } from "../../ui/States";

/** The features that move scores most, over all customers or those of one segment. */
export function Predictors() {
    const words = useWords();
    const [segment, setSegment] = useState("");
    const summary = useResource<Importance[]>(address("/api/shap-summary", { segment }));
    const rows = summary.data ?? [];
    const model = rows[0]?.model_version ?? null;
    return (
        <Figure title="Top predictors" className="span-5"
            note={<span className="who">Mean effect on the score for
                <select className="select inline" aria-label={words.segment} value={segment}
                    onChange={(event) => setSegment(event.target.value)}>
                    <option value="">everyone</option>
                    {words.segments.map((name) => <option key={name} value={name}>{name}</option>)}
                </select>{model !== null && ` by ${model}`}</span>}
            table={{ head: ["Feature", "Mean effect (log-odds)"],
                rows: rows.map((row) => [words.label(row.feature), precise(row.importance)]) }}>
            <Loaded of={summary} height={260} isEmpty={(data) => data.length === 0}
                empty={<Empty title="No summary of this model yet">“churnd explain --summary” makes one.</Empty>}>
                {(data) => <Bars items={data.map((row) =>
                    ({ name: words.label(row.feature), value: row.importance, shown: amount(row.importance) }))} />}
            </Loaded>
        </Figure>
    );
}
