import type { Band } from "../api/types";
import { percent } from "../format";

export function Badge({ band }: { band: Band | null | undefined }) {
    if (!band) return <span className="badge">Not scored</span>;
    return <span className="badge" data-band={band}><i aria-hidden="true" />{band}</span>;
}

/** A probability as number and bar. */
export function Score({ value, band }: { value: number | null | undefined; band: Band | null | undefined }) {
    const share = typeof value === "number" ? Math.min(1, Math.max(0, value)) : 0;
    return (
        <span className="score number" data-band={band ?? undefined}>
            <span className="score-track" aria-hidden="true">
                <span className="score-fill" style={{ display: "block", width: `${share * 100}%` }} />
            </span>
            {percent(value)}
        </span>
    );
}
