import type { ChartConfiguration, ChartType } from "chart.js";
import { ReactNode, useEffect, useRef, useState } from "react";
import { useStore } from "../state/store";
import { theme } from "../state/theme";
import { Icon } from "../ui/icons";
import { Panel } from "../ui/Panel";
import { Palette, readPalette } from "./palette";
import { Chart } from "./registry";

export interface TableData {
    head: string[];
    rows: string[][];
}

/** The data behind a chart, for those who do not see it or want the numbers. */
export function DataTable({ caption, data }: { caption: string; data: TableData }) {
    return (
        <div className="chart-table" tabIndex={0} role="region" aria-label={caption}>
            <table>
                <caption className="visually-hidden">{caption}</caption>
                <thead><tr>{data.head.map((cell, index) => <th key={index} scope="col">{cell}</th>)}</tr></thead>
                <tbody>
                    {data.rows.map((row, line) => (
                        <tr key={line}>
                            {row.map((cell, index) => (index === 0
                                ? <th key={index} scope="row">{cell}</th> : <td key={index}>{cell}</td>))}
                        </tr>
                    ))}
                </tbody>
            </table>
        </div>
    );
}

interface FigureProps {
    title: string;
    note?: ReactNode;
    table: TableData;
    className?: string;
    children: ReactNode;
}

/** A panel with a picture and, at the press of a button, the table behind it. */
export function Figure({ title, note, table, className, children }: FigureProps) {
    const [isTable, setTable] = useState(false);
    const button = (
        <button type="button" className="button icon-button" data-kind="quiet" data-size="small" aria-pressed={isTable}
            aria-label={`Show ${title} as a table`} title={isTable
                ? "Show the chart" : "Show the table"} onClick={() => setTable(!isTable)}>
            <Icon name={isTable ? "chart" : "table"} />
        </button>
    );
    return (
        <Panel title={title} note={note} actions={button} className={`chart-panel ${className ?? ""}`}>
            {isTable ? <DataTable caption={`Data of ${title}`} data={table} /> : children}
        </Panel>
    );
}

interface CanvasProps<T extends ChartType> {
    label: string;
    height: number;
    draw: (palette: Palette) => ChartConfiguration<T>;
}

/** A Chart.js canvas that follows the theme, and changes in place when its data does. */
export function Canvas<T extends ChartType>({ label, height, draw }: CanvasProps<T>) {
    const place = useRef<HTMLCanvasElement>(null);
    const chart = useRef<Chart | null>(null);
    const { isDark } = useStore(theme);
    useEffect(() => () => {
        chart.current?.destroy();
        chart.current = null;
    }, []);
    useEffect(() => {
        if (place.current === null) return;
        const configuration = draw(readPalette()) as unknown as ChartConfiguration;
        configuration.options = { responsive: true, maintainAspectRatio: false, animation: false,
            ...configuration.options };
        if (chart.current === null) {
            chart.current = new Chart(place.current, configuration);
            return;
        }
        chart.current.data = configuration.data;
        chart.current.options = configuration.options;
        chart.current.update("none");
    }, [draw, isDark]);
    return (
        <div className="chart-area" style={{ height }}>
            <canvas ref={place} role="img" aria-label={label} />
        </div>
    );
}
