import { useCallback } from "react";
import type { Palette } from "./palette";
import { chartFont, tooltip } from "./palette";
import { Canvas } from "./Figure";
import { counted, hour, percent, tick } from "../format";

export interface TrendPoint {
    hour: string;
    mean: number | null;
    customers?: number;
    scores?: number;
}

/** Whether a point has no line to it, so that only a dot shows it. */
const isAlone = (points: TrendPoint[], place: number) => points[place]?.mean !== null
    && (points[place - 1]?.mean ?? null) === null && (points[place + 1]?.mean ?? null) === null;

/** The mean probability over customers hour by hour; an hour that is not known is a gap. */
export function Trend({ points, height = 236 }: { points: TrendPoint[]; height?: number }) {
    const draw = useCallback((palette: Palette) => ({
        type: "line" as const,
        data: {
            labels: points.map((point) => hour(point.hour)),
            datasets: [{
                data: points.map((point) => point.mean), borderColor: palette.accent, borderWidth: 2,
                tension: 0.35,
                fill: "start" as const, backgroundColor: palette.accentSoft, spanGaps: false,
                pointRadius: points.map((_, place) => (isAlone(points, place) ? 4 : 0)), pointHoverRadius: 5,
                pointBackgroundColor: palette.accent,
                pointHoverBorderColor: palette.panel, pointHoverBorderWidth: 2,
            }],
        },
        options: {
            interaction: { mode: "index" as const, intersect: false },
            plugins: {
                tooltip: {
                    ...tooltip(palette), displayColors: false,
                    callbacks: {
                        label: (item: { dataIndex: number }) => {
                            const point = points[item.dataIndex];
                            const customers = point?.customers === undefined
                                ? "" : ` over ${counted(point.customers, "customer")}`;
                            const scores = point?.scores === undefined
                                ? "" : `, ${counted(point.scores, "score")} in the hour`;
                            return percent(point?.mean) + customers + scores;
                        },
                    },
                },
            },
            scales: {
                x: {
                    grid: { display: false, drawBorder: false },
                    ticks: { color: palette.soft, font: chartFont, maxRotation: 0, autoSkipPadding: 24 },
                },
                y: {
                    suggestedMin: 0, grid: { color: palette.grid, drawBorder: false }, border: { display: false },
                    ticks: {
                        color: palette.soft, font: chartFont, maxTicksLimit: 5,
                        callback: tick,
                    },
                },
            },
        },
    }), [points]);
    const known = points.filter((point) => point.mean !== null);
    const last = known[known.length - 1];
    return <Canvas label={`Line chart of the mean churn probability of customers by hour, now ${percent(last?.mean)}`}
        height={height} draw={draw} />;
}
