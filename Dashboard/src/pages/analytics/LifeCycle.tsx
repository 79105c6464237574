import { useCallback } from "react";
import { Analytics, bands } from "../../api/types";
import { Canvas, Figure } from "../../charts/Figure";
import { Palette, chartFont, tooltip } from "../../charts/palette";
import type { Resource } from "../../state/useResource";
import { count } from "../../format";
import { useWords } from "../../state/domain";
import { Empty, Loaded } from "../../ui/States";
import { NoLifeCycle } from "./NoLifeCycle";

type Stage = Analytics["life_cycle"][0];
const of = (stage: Stage, band: string) => Number(stage[band.toLowerCase() as "critical"]);

export function LifeCycle({ analytics }: { analytics: Resource<Analytics> }) {
    const words = useWords();
    const stages = analytics.data?.life_cycle ?? [];
    return (
        <Figure title="Life-cycle by band" note="Scored customers" className="span-7"
            table={{ head: ["Stage", ...bands],
                rows: stages.map((stage) => [stage.stage, ...bands.map((band) => count(of(stage, band)))]) }}>
            <Loaded of={analytics} height={260} absent="This server does not offer analytics."
                isEmpty={(data) => data.life_cycle.length === 0}
                empty={words.hasLifeCycle ? <Empty title="No scores yet" /> : <NoLifeCycle />}>
                {(data) => (
                    <>
                        <StageChart stages={data.life_cycle} />
                        <ul className="legend">{bands.map((band) => <li key={band} data-band={band}><i
                            aria-hidden="true" />{band}</li>)}</ul>
                    </>
                )}
            </Loaded>
        </Figure>
    );
}

function StageChart({ stages }: { stages: Stage[] }) {
    const draw = useCallback((palette: Palette) => ({
        type: "bar" as const,
        data: {
            labels: stages.map((stage) => stage.stage),
            datasets: [...bands].reverse().map((band) => ({
                label: band, data: stages.map((stage) => of(stage,
                    band)), backgroundColor: palette.band[band], borderColor: palette.panel,
                borderWidth: { top: 1.5, bottom: 0, left: 0,
                    right: 0 }, borderRadius: 3, maxBarThickness: 72, borderSkipped: false as const,
            })),
        },
        options: {
            interaction: { mode: "index" as const, intersect: false },
            plugins: { tooltip: tooltip(palette) },
            scales: {
                x: { stacked: true, grid: { display: false, drawBorder: false },
                    ticks: { color: palette.soft, font: { ...chartFont, size: 12 } } },
                y: { stacked: true, grid: { color: palette.grid, drawBorder: false },
                    ticks: { color: palette.soft, font: chartFont, maxTicksLimit: 5, precision: 0 } },
            },
        },
    }), [stages]);
    const figures = stages.map((stage) =>
        `${stage.stage} ${bands.map((band) => `${band} ${of(stage, band)}`).join(", ")}`);
    const label = `Stacked bars of customers by stage and band: ${figures.join("; ")}`;
    return <Canvas label={label} height={352} draw={draw} />;
}
