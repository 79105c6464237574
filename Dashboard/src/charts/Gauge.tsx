import type { Band, Domain } from "../api/types";
import { percent } from "../format";

const radius = 84;
const arc = "M 16 100 A 84 84 0 0 1 184 100";
const length = Math.PI * radius;

/** A probability on a half circle, with the bands behind it. */
export function Gauge({ value, band, bands }: { value: number | null; band: Band | null; bands: Domain["bands"] }) {
    const share = value === null ? 0 : Math.min(1, Math.max(0, value));
    const edges = [...bands].sort((a, b) => a.from - b.from);
    return (
        <div className="gauge" data-band={band ?? undefined} role="img"
            aria-label={`Churn probability ${percent(value)}${band === null ? "" : `, ${band}`}`}>
            <svg viewBox="0 0 200 112" aria-hidden="true">
                {edges.map((edge, index) => {
                    const to = edges[index + 1]?.from ?? 1;
                    const gap = 1.5;
                    return (
                        <path key={edge.band} data-band={edge.band} className="gauge-band"
                            d="M 4 100 A 96 96 0 0 1 196 100" strokeWidth="4"
                            strokeDasharray={`${Math.max(0, (to - edge.from) * Math.PI * 96 - gap)} 1000`}
                            strokeDashoffset={-edge.from * Math.PI * 96} style={{ opacity: 1 }} />
                    );
                })}
                <path className="gauge-track" d={arc} strokeWidth="13" strokeLinecap="round" />
                {share > 0 && <path className="gauge-value" d={arc} strokeWidth="13" strokeLinecap="round"
                    strokeDasharray={`${share * length} 1000`} />}
            </svg>
            <div className="gauge-text" aria-hidden="true">
                <strong className="number">{percent(value)}</strong>
                <span className="faint">churn probability</span>
            </div>
        </div>
    );
}
