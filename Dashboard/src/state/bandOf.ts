import type { Band, Domain } from "../api/types";

/** The bands that reach above a score, the highest first: where customers above it are found. */
export function bandsAbove(score: number, edges: Domain["bands"]): Band[] {
    const descending = [...edges].sort((a, b) => b.from - a.from);
    return descending.filter((_, index) => index === 0 || (descending[index - 1]?.from ?? 1) > score)
        .map((edge) => edge.band);
}

/** The band of a probability, by the domain's edges; an edge belongs to its band only where the domain says so. */
export function bandOf(probability: number, edges: Domain["bands"]): Band {
    const descending = [...edges].sort((a, b) => b.from - a.from);
    const found = descending.find((edge) => (edge.includes_from ? probability >= edge.from : probability > edge.from));
    return found?.band ?? "Low";
}
