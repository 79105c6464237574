/// One tree of a booster file, as far as its shape goes.
struct BoosterTree: Decodable {
    typealias Length = BoosterStructure.Length

    struct Parameters: Decodable {
        var num_nodes: String
    }

    var id: Int
    var tree_param: Parameters
    var left_children: [Int]
    var right_children: [Int]
    var parents: [Int]
    var split_indices: [Int]
    var split_type: [Int]
    var split_conditions: Length
    var default_left: Length
    var base_weights: Length
    var loss_changes: Length
    var sum_hessian: Length
    var categories: Length
    var categories_nodes: Length
    var categories_segments: Length
    var categories_sizes: Length

    /// Reads a tree of a file in libxgboost's binary JSON.
    init(_ value: UBJValue) throws {
        func integers(_ name: String) throws -> [Int] {
            guard let integers = value[name]?.integers else { throw Self.incomplete }
            return integers
        }
        func length(_ name: String) throws -> Length {
            guard let count = value[name]?.count else { throw Self.incomplete }
            return Length(count: count)
        }
        guard let count = value["tree_param", "num_nodes"]?.text, let id = value["id"]?.integer else {
            throw Self.incomplete
        }
        self.id = id
        self.tree_param = Parameters(num_nodes: count)
        self.left_children = try integers("left_children")
        self.right_children = try integers("right_children")
        self.parents = try integers("parents")
        self.split_indices = try integers("split_indices")
        self.split_type = try integers("split_type")
        self.split_conditions = try length("split_conditions")
        self.default_left = try length("default_left")
        self.base_weights = try length("base_weights")
        self.loss_changes = try length("loss_changes")
        self.sum_hessian = try length("sum_hessian")
        self.categories = try length("categories")
        self.categories_nodes = try length("categories_nodes")
        self.categories_segments = try length("categories_segments")
        self.categories_sizes = try length("categories_sizes")
    }

    private static var incomplete: any Error { BoosterStructure.refusal("has a tree that lacks a part") }

    /// Returns whether no index of the tree leads out of its array or round in a circle.
    ///
    /// The arrays are of one length, every node that is reached from the root is reached by one way and knows its
    /// parent, and every node asks about a column that there is. Splits by categories are not for our encoders.
    func isSound(columns: Int) -> Bool {
        let count = self.left_children.count
        let perNode = [
            self.right_children.count, self.parents.count, self.split_indices.count, self.split_type.count,
            self.split_conditions.count, self.default_left.count, self.base_weights.count, self.loss_changes.count,
            self.sum_hessian.count,
        ]
        let perCategory = [
            self.categories.count, self.categories_nodes.count, self.categories_segments.count,
            self.categories_sizes.count,
        ]
        guard count > 0, Int(self.tree_param.num_nodes) == count, perNode.allSatisfy({ $0 == count }),
            perCategory.allSatisfy({ $0 == 0 }), self.split_type.allSatisfy({ $0 == 0 }),
            self.split_indices.allSatisfy({ (0..<columns).contains($0) })
        else { return false }
        return self.isTree(count)
    }

    private func isTree(_ count: Int) -> Bool {
        // The root's parent is -1 without its sign bit. Nodes that pruning deleted are not reached, but libxgboost
        // looks at their neighbours too when it loads them.
        let none = Int(Int32.max)
        guard self.parents[0] == none,
            self.parents.allSatisfy({ $0 == none || (0..<count).contains($0) }),
            zip(self.left_children, self.right_children).allSatisfy({ left, right in
                (left == -1 && right == -1) || ((1..<count).contains(left) && (1..<count).contains(right))
            })
        else { return false }
        var isReached = Array(repeating: false, count: count)
        var open = [0]
        while let node = open.popLast() {
            guard !isReached[node] else { return false }
            isReached[node] = true
            guard self.left_children[node] != -1 else { continue }
            for child in [self.left_children[node], self.right_children[node]] {
                guard self.parents[child] == node else { return false }
                open.append(child)
            }
        }
        return true
    }
}
