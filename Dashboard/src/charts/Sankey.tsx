import { useMemo } from "react";
import { count } from "../format";
import { useMedia } from "../state/useMedia";
import { SankeyLink, planSankey } from "./sankeyLayout";

export type { SankeyLink };

const height = 270;
/** Where there is little room, names stand without their numbers, which the table has. */
const wide = { width: 640, margin: 118, hasCounts: true };
const narrow = { width: 360, margin: 92, hasCounts: false };
const nodeWidth = 10;

/** Ribbons between columns, each as wide as its customers are many. */
export function Sankey({ label, columns, links }: { label: string; columns: string[][]; links: SankeyLink[][] }) {
    const key = JSON.stringify([columns, links]);
    const isNarrow = useMedia("screen and (max-width: 720px)");
    const { width, margin, hasCounts } = isNarrow ? narrow : wide;
    const plan = useMemo(() => planSankey(columns, links, width - margin, height, nodeWidth), [key, isNarrow]);
    const last = columns.length - 1;
    return (
        <div className="flow-scroll" tabIndex={0} role="region" aria-label="Picture of the flow">
            <svg className="flow" viewBox={`0 -4 ${width} ${height + 8}`} role="img" aria-label={label}>
                {plan.ribbons.map((ribbon, index) => {
                    const [x1, x2] = [ribbon.from.x + nodeWidth, ribbon.to.x];
                    const middle = (x1 + x2) / 2;
                    const { fromY, toY } = ribbon;
                    return (
                        <path key={index} className="flow-link"
                            data-band={ribbon.to.column === last ? ribbon.to.name : undefined}
                                strokeWidth={ribbon.width}
                            d={`M${x1} ${fromY}C${middle} ${fromY} ${middle} ${toY} ${x2} ${toY}`}>
                            <title>{`${ribbon.from.name} to ${ribbon.to.name}: ${count(ribbon.value)}`}</title>
                        </path>
                    );
                })}
                {plan.nodes.map((node) => (
                    <g key={`${node.column}/${node.name}`} data-band={node.column === last ? node.name : undefined}>
                        <rect className="flow-node" x={node.x} y={node.y} width={nodeWidth} height={node.height} rx={3}
                            />
                        <text x={node.x + nodeWidth + 7} y={node.y + node.height / 2} dy="0.320em">
                            {node.name}{hasCounts && <tspan className="soft"> {count(node.value)}</tspan>}
                        </text>
                    </g>
                ))}
            </svg>
        </div>
    );
}
