import type { CSSProperties } from "react";
import type { Analytics } from "../../api/types";
import { useWords } from "../../state/domain";
import type { Resource } from "../../state/useResource";
import { amount, count } from "../../format";
import { Badge } from "../../ui/Badge";
import { Panel } from "../../ui/Panel";
import { Empty, Loaded } from "../../ui/States";

/** The place of a value between the smallest and the largest of its column. */
function heat(value: number | null, all: (number | null)[]): CSSProperties {
    const known = all.filter((one): one is number => one !== null);
    const low = Math.min(...known);
    const span = Math.max(...known) - low;
    return { "--heat": value === null || span === 0 ? 0 : (value - low) / span } as CSSProperties;
}

/** The profile of the customers of each band. */
export function RiskProfile({ analytics }: { analytics: Resource<Analytics> }) {
    const words = useWords();
    const tenure = words.domain.tenure_column ?? null;
    return (
        <Panel title="Risk profile" note="Darker is more within a column" className="span-6">
            <Loaded of={analytics} height={220} absent="This server does not offer analytics."
                isEmpty={(data) => data.risk_profile.length === 0} empty={<Empty title="No scores yet" />}>
                {({ risk_profile: rows }) => (
                    <div className="heat" tabIndex={0} role="region" aria-label="Table of the risk profile">
                        <table>
                            <thead><tr><th scope="col">Band</th><th scope="col" className="end">Customers</th>
                                {tenure !== null
                                    && <th scope="col" className="end">Mean {words.label(tenure).toLowerCase()}</th>}
                                {words.hasValue
                                    && <th scope="col" className="end">Mean {words.value.toLowerCase()}</th>}
                                <th scope="col">{words.segment}</th></tr></thead>
                            <tbody>
                                {rows.map((row) => (
                                    <tr key={row.band}>
                                        <th scope="row"><Badge band={row.band} /></th>
                                        <td className="end" data-heat
                                            style={heat(row.customers, rows.map((one) => one.customers))}>
                                                {count(row.customers)}</td>
                                        {tenure !== null && <td className="end" data-heat
                                            style={heat(row.mean_tenure, rows.map((one) => one.mean_tenure))}>
                                                {amount(row.mean_tenure)}</td>}
                                        {words.hasValue && <td className="end" data-heat
                                            style={heat(row.mean_value, rows.map((one) => one.mean_value))}>
                                                {words.money(row.mean_value)}</td>}
                                        <td>{words.text(row.dominant_segment)}</td>
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
