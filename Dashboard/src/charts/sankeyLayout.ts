export interface SankeyLink {
    from: string;
    to: string;
    value: number;
}

export interface SankeyNode {
    name: string;
    column: number;
    x: number;
    y: number;
    height: number;
    value: number;
}

export interface SankeyRibbon {
    from: SankeyNode;
    to: SankeyNode;
    fromY: number;
    toY: number;
    width: number;
    value: number;
}

export interface SankeyPlan {
    nodes: SankeyNode[];
    ribbons: SankeyRibbon[];
}

/** Places columns of nodes and the ribbons between neighbours; nodes without customers are left out. */
export function planSankey(columns: string[][], links: SankeyLink[][], width: number, height: number, nodeWidth = 10,
    gap = 14): SankeyPlan {
    const total = Math.max(1, ...links.map((step) => step.reduce((sum, link) => sum + link.value, 0)));
    const most = Math.max(...columns.map((names) => names.length));
    const scale = (height - gap * (most - 1)) / total;
    const placed = columns.map((names, column) => {
        const valued = names
            .map((name) => ({ name, value: valueOf(name, column, links) }))
            .filter(({ value }) => value > 0);
        const used = valued.reduce((sum, { value }) => sum + value * scale, 0) + gap * Math.max(0, valued.length - 1);
        let y = (height - used) / 2;
        const x = columns.length < 2 ? 0 : (column * (width - nodeWidth)) / (columns.length - 1);
        return valued.map(({ name, value }): SankeyNode => {
            const node = { name, column, x, y, height: Math.max(1, value * scale), value };
            y += value * scale + gap;
            return node;
        });
    });
    const ribbons: SankeyRibbon[] = [];
    links.forEach((step, column) => {
        const left = placed[column] ?? [];
        const right = placed[column + 1] ?? [];
        const leaving = new Map(left.map((node) => [node.name, node.y]));
        const entering = new Map(right.map((node) => [node.name, node.y]));
        for (const from of left) {
            for (const to of right) {
                const value = step.find((link) => link.from === from.name && link.to === to.name)?.value ?? 0;
                if (value <= 0) continue;
                const band = value * scale;
                const [fromY, toY] = [leaving.get(from.name)!, entering.get(to.name)!];
                leaving.set(from.name, fromY + band);
                entering.set(to.name, toY + band);
                ribbons.push({ from, to, fromY: fromY + band / 2, toY: toY + band / 2, width: Math.max(0.5, band),
                    value });
            }
        }
    });
    return { nodes: placed.flat(), ribbons };
}

function valueOf(name: string, column: number, links: SankeyLink[][]): number {
    const leaving = (links[column] ?? []).filter((link) => link.from === name).reduce((sum, link) => sum + link.value,
        0);
    const entering = (links[column - 1] ?? []).filter((link) => link.to === name).reduce((sum,
        link) => sum + link.value, 0);
    return Math.max(leaving, entering);
}
