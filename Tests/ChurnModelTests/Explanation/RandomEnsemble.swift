import ChurnCore

@testable import ChurnModel

extension TreeEnsemble {
    /// Trees of random shapes that no training made, the same for the same seed.
    static func random(seed: UInt64, trees: Int, depth: Int, columns: Int) -> Self {
        var random = SeededRandom(seed: seed)
        return TreeEnsemble(
            columns: columns, baseMargin: 0.25,
            trees: (0..<trees).map { _ in .random(&random, depth: depth, columns: columns) })
    }
}

extension TreeEnsemble.Tree {
    static func random(_ random: inout SeededRandom, depth: Int, columns: Int) -> Self {
        var tree = Self(left: [], right: [], column: [], value: [], missingGoesLeft: [], cover: [])
        var open = [(node: tree.append(cover: 100), depth: 0)]
        while let (node, level) = open.popLast() {
            tree.value[node] = Float(random.uniform() * 2 - 1)
            guard level < depth, level == 0 || random.chance(0.85) else { continue }
            // Sometimes all training rows went one way.
            let share = random.chance(0.1) ? 1 : Float(0.1 + 0.8 * random.uniform())
            let shares = random.chance(0.5) ? [share, 1 - share] : [1 - share, share]
            tree.left[node] = tree.append(cover: tree.cover[node] * shares[0])
            tree.right[node] = tree.append(cover: tree.cover[node] * shares[1])
            tree.column[node] = random.index(below: columns)
            tree.missingGoesLeft[node] = random.chance(0.5)
            // A node that no row came by has no shares for its children.
            for child in [tree.left[node], tree.right[node]] {
                open.append((child, tree.cover[child] > 0 ? level + 1 : depth))
            }
        }
        return tree
    }

    /// A tree that asks about one column after another, with a leaf at the left of each.
    static func chain(columns: Int) -> Self {
        var tree = Self(left: [], right: [], column: [], value: [], missingGoesLeft: [], cover: [])
        var node = tree.append(cover: 1)
        for column in 0..<columns {
            tree.column[node] = column
            tree.left[node] = tree.append(cover: tree.cover[node] / 2)
            tree.value[tree.left[node]] = Float(column)
            tree.right[node] = tree.append(cover: tree.cover[node] / 2)
            node = tree.right[node]
        }
        return tree
    }

    private mutating func append(cover: Float) -> Int {
        self.left.append(-1)
        self.right.append(-1)
        self.column.append(0)
        self.value.append(0)
        self.missingGoesLeft.append(false)
        self.cover.append(cover)
        return self.left.count - 1
    }
}
