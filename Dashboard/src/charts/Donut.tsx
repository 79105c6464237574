import { useCallback } from "react";
import { Band, bands } from "../api/types";
import { count, percent } from "../format";
import { address } from "../api/client";
import { Link } from "../routing/Link";
import { Canvas } from "./Figure";
import { Palette, tooltip } from "./palette";

/** The four bands as a ring; each leads to its customers. */
export function Donut({ counts }: { counts: Record<Band, number> }) {
    const total = bands.reduce((sum, band) => sum + counts[band], 0);
    const key = bands.map((band) => counts[band]).join();
    const draw = useCallback((palette: Palette) => ({
        type: "doughnut" as const,
        data: {
            labels: [...bands],
            datasets: [{
                data: bands.map((band) => counts[band]), backgroundColor: bands.map((band) => palette.band[band]),
                borderColor: palette.panel, borderWidth: 3, borderRadius: 5, hoverOffset: 3,
            }],
        },
        options: { cutout: "76%", plugins: { tooltip: tooltip(palette) } },
    }), [key]);
    return (
        <div className="donut">
            <div className="donut-ring">
                <Canvas label={`Ring chart: ${bands.map((band) => `${band} ${counts[band]}`).join(", ")}`} height={176}
                    draw={draw} />
                <div className="donut-middle" aria-hidden="true">
                    <strong className="number">{count(total)}</strong>
                    <span className="faint">scored</span>
                </div>
            </div>
            <ul className="donut-list">
                {bands.map((band) => (
                    <li key={band}>
                        <Link href={address("/watchlist", { risk: band })} data-band={band}>
                            <i aria-hidden="true" /><span>{band}</span>
                            <strong className="number">{count(counts[band])}</strong>
                            <small className="number">{percent(total === 0 ? 0 : counts[band] / total)}</small>
                        </Link>
                    </li>
                ))}
            </ul>
        </div>
    );
}
