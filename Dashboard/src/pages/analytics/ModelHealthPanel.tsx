import { useCallback } from "react";
import type { ModelHealth, Models } from "../../api/types";
import { Canvas, Figure } from "../../charts/Figure";
import { Palette, chartFont, tooltip } from "../../charts/palette";
import { count, counted, dateTime, percent, precise, tick, words } from "../../format";
import { Empty, Loaded } from "../../ui/States";
import { RescorePanel } from "./RescorePanel";
import type { Health } from "./useModelHealth";

type Judged = ModelHealth["models"][0];

/** The row of the model that serves, judged by what really happened. */
const serving = (health: ModelHealth | null): Judged | undefined =>
    health?.models.find((model) => model.role === "champion") ?? health?.models[0];

/** Why outcomes that were recorded judge no model. */
function unjudged(health: ModelHealth | null): string {
    const outcomes = health?.outcomes;
    if (!outcomes) return "";
    const reasons = ([[outcomes.too_old, "too old"], [outcomes.without_score, "without a score in time"],
        [outcomes.in_future, "dated in the future"]] as const).filter(([number]) => number > 0)
        .map(([number, reason]) => `${count(number)} ${reason}`);
    return reasons.length === 0 ? "" : `; not judged: ${reasons.join(", ")}`;
}

export function ModelHealthPanel({ health: { health, models } }: { health: Health }) {
    const judged = serving(health.data);
    const calibration = judged?.calibration ?? [];
    return (
        <Figure title="Model health" className="span-7"
            note={judged === undefined
                ? "As tested when it was trained"
                : `Judged by ${counted(judged.outcomes, "known outcome")}${unjudged(health.data)}`}
            table={{ head: ["Predicted", "Observed", "Customers"],
                rows: calibration.map((bin) => [percent(bin.predicted), percent(bin.observed), count(bin.count)]) }}>
            <Loaded of={models} height={240} absent="This server names no models."
                isEmpty={(data) => data.models.length === 0}
                    empty={<Empty title="No model serves here">This process scores nothing itself.</Empty>}>
                {(data) => (
                    <>
                        <ModelTable models={data} health={health.data} />
                        <RescorePanel />
                        {calibration.length > 0 && <Calibration bins={calibration} />}
                    </>
                )}
            </Loaded>
        </Figure>
    );
}

function ModelTable({ models, health }: { models: Models; health: ModelHealth | null }) {
    return (
        <div className="heat" tabIndex={0} role="region" aria-label="Models">
            <table>
                <thead><tr><th scope="col">Model</th><th scope="col">Role</th>
                    <th scope="col" className="end">AUC, tested</th><th scope="col" className="end">AUC, live</th>
                        <th scope="col" className="end">Brier, live</th>
                            <th scope="col" className="end">Lift, top tenth</th></tr></thead>
                <tbody>
                    {models.models.map((model) => {
                        const live = health?.models.find((one) => one.model_version === model.version);
                        const trained = model.training === undefined
                            ? "" : `${count(model.training.trees)} trees, ${count(model.training.rows)} rows`;
                        const registered = model.registered_at ? `, registered ${dateTime(model.registered_at)}` : "";
                        return (
                            <tr key={model.version} title={trained + registered}>
                                <th scope="row">{model.version}</th><td>{words(model.role ?? model.status ?? "")}</td>
                                <td className="end">{precise(model.metrics?.["auc"])}</td>
                                    <td className="end">{precise(live?.auc)}</td>
                                <td className="end">{precise(live?.brier)}</td>
                                    <td className="end">{precise(live?.lift_top_decile)}</td>
                            </tr>
                        );
                    })}
                </tbody>
            </table>
        </div>
    );
}

function Calibration({ bins }: { bins: Judged["calibration"] }) {
    const draw = useCallback((palette: Palette) => ({
        type: "line" as const,
        data: {
            datasets: [
                { label: "Perfect", data: [{ x: 0, y: 0 }, { x: 1, y: 1 }], borderColor: palette.soft, borderWidth: 1,
                    borderDash: [4, 4], pointRadius: 0 },
                {
                    label: "Model", data: bins.map((bin) =>
                        ({ x: bin.predicted, y: bin.observed })), borderColor: palette.accent, borderWidth: 2,
                    pointRadius: 4, pointBackgroundColor: palette.panel, pointBorderColor: palette.accent,
                    pointBorderWidth: 2,
                },
            ],
        },
        options: {
            plugins: { tooltip: { ...tooltip(palette),
                callbacks: { title: () => "",
                    label: (item: { parsed: { x: number; y: number } }) =>
                        `${percent(item.parsed.x)} predicted, ${percent(item.parsed.y)} left` } } },
            scales: {
                x: { type: "linear" as const, min: 0, max: 1,
                    title: { display: true, text: "Predicted", color: palette.soft,
                        font: chartFont }, grid: { color: palette.grid,
                            drawBorder: false }, ticks: { color: palette.soft, font: chartFont, stepSize: 0.25,
                                callback: tick } },
                y: { min: 0, max: 1, title: { display: true, text: "Left", color: palette.soft, font: chartFont },
                    grid: { color: palette.grid, drawBorder: false }, ticks: { color: palette.soft, font: chartFont,
                        stepSize: 0.25, callback: tick } },
            },
        },
    }), [bins]);
    const points = bins.map((bin) => `${percent(bin.predicted)} predicted, ${percent(bin.observed)} observed`);
    return <Canvas label={`Calibration: ${points.join("; ")}`} height={220} draw={draw} />;
}
