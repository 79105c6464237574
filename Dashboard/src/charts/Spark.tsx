/** A series as a small line, without axes. */
export function Spark({ values, label }: { values: number[]; label: string }) {
    if (values.length < 2) return <div className="spark" />;
    const top = Math.max(...values, 1);
    const step = 100 / (values.length - 1);
    const point = (value: number, index: number) =>
        `${(index * step).toFixed(1)} ${(29 - (value / top) * 27).toFixed(1)}`;
    const line = values.map((value, index) => `${index === 0 ? "M" : "L"}${point(value, index)}`).join("");
    return (
        <svg className="spark" viewBox="0 0 100 30" preserveAspectRatio="none" role="img" aria-label={label}>
            <path className="area" d={`${line}V30H0Z`} />
            <path d={line} />
        </svg>
    );
}
