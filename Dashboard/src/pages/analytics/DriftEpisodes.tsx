import type { ModelHealth } from "../../api/types";
import { useWords } from "../../state/domain";
import { dateTime } from "../../format";

/** The times of drift, newest first: those that last, and when the others ended. */
export function DriftEpisodes({ health }: { health: ModelHealth }) {
    const words = useWords();
    const episodes = [...(health.drift_episodes ?? [])].reverse();
    if (episodes.length === 0) return null;
    return (
        <ul className="drift-episodes" aria-label="Times of drift">
            {episodes.map((one) => (
                <li key={one.drift_id} data-lasts={one.ended_at === null}>
                    {one.columns.map((column) => (column === "score" ? "All scores" : words.label(column))).join(", ")}
                    {one.ended_at === null ? ` differ since ${dateTime(one.began_at)}`
                        : ` differed from ${dateTime(one.began_at)}; over since ${dateTime(one.ended_at)}`}
                </li>
            ))}
        </ul>
    );
}
