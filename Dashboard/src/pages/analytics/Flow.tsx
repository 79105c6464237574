import { Analytics, bands } from "../../api/types";
import { Sankey, SankeyLink } from "../../charts/Sankey";
import { Figure } from "../../charts/Figure";
import { useWords } from "../../state/domain";
import type { Resource } from "../../state/useResource";
import { count } from "../../format";
import { Empty, Loaded } from "../../ui/States";
import { NoLifeCycle } from "./NoLifeCycle";

type FlowRow = Analytics["flow"][0];

/** Links between two neighbouring columns, each pair once. */
function linksOf(rows: FlowRow[], from: (row: FlowRow) => string, to: (row: FlowRow) => string): SankeyLink[] {
    const sums = new Map<string, SankeyLink>();
    for (const row of rows) {
        const key = JSON.stringify([from(row), to(row)]);
        const link = sums.get(key) ?? { from: from(row), to: to(row), value: 0 };
        sums.set(key, { ...link, value: link.value + row.customers });
    }
    return [...sums.values()];
}

/** From life-cycle stage over segment to band. */
export function Flow({ analytics }: { analytics: Resource<Analytics> }) {
    const words = useWords();
    const rows = analytics.data?.flow ?? [];
    const stages = [...new Set([...(analytics.data?.life_cycle ?? []).map((row) => row.stage),
        ...rows.map((row) => row.stage)])];
    const segments = [...new Set([...words.segments, ...rows.map((row) => row.segment)])];
    return (
        <Figure title="Flow" note={`Stage to ${words.segment.toLowerCase()} to band`} className="span-6"
            table={{ head: ["Stage", words.segment, "Band", "Customers"],
                rows: rows.map((row) => [row.stage, row.segment, row.band, count(row.customers)]) }}>
            <Loaded of={analytics} height={260} absent="This server does not offer analytics."
                isEmpty={(data) => data.flow.length === 0}
                empty={words.hasLifeCycle ? <Empty title="No scores yet" /> : <NoLifeCycle />}>
                {() => (
                    <Sankey label={`Flow of ${count(rows.reduce((sum, row) => sum + row.customers, 0))} customers `
                        + `from stage to ${words.segment} to band`}
                        columns={[stages, segments, [...bands]]}
                        links={[linksOf(rows, (row) => row.stage, (row) => row.segment),
                            linksOf(rows, (row) => row.segment, (row) => row.band)]} />
                )}
            </Loaded>
        </Figure>
    );
}
