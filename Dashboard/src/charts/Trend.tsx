import { useCallback } from "react";
import type { Palette } from "./palette";
import { chartFont, tooltip } from "./palette";
import { Canvas } from "./Figure";
import { hour, percent, tick } from "../format";

export interface TrendPoint {
    hour: string;
    avg_prob: number | null;
    scores?: number;
}

/** The mean probability hour by hour. */
export function Trend({ points, height = 236 }: { points: TrendPoint[]; height?: number }) {
    const draw = useCallback((palette: Palette) => ({
        type: "line" as const,
        data: {
            labels: points.map((point) => hour(point.hour)),
            datasets: [{
                data: points.map((point) => point.avg_prob), borderColor: palette.accent, borderWidth: 2, tension: 0.35,
                fill: "start" as const, backgroundColor: palette.accentSoft, spanGaps: true,
                pointRadius: points.filter((point) => point.avg_prob !== null).length < 3
                    ? 4 : 0, pointHoverRadius: 5, pointBackgroundColor: palette.accent,
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
                            const scores = point?.scores === undefined ? "" : ` from ${point.scores} scores`;
                            return percent(point?.avg_prob) + scores;
                        },
                    },
                },
            },
            scales: {
                x: {
                    grid: { display: false, drawBorder: false },
                    ticks: { color: palette.soft, font: chartFont, maxTicksLimit: 9, maxRotation: 0 },
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
    const known = points.filter((point) => point.avg_prob !== null);
    const last = known[known.length - 1];
    return <Canvas label={`Line chart of the mean churn probability by hour, now ${percent(last?.avg_prob)}`}
        height={height} draw={draw} />;
}
