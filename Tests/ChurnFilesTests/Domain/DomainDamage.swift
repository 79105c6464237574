import ChurnFiles
import Testing

/// A damage to a valid domain file, and the fault that must be found.
struct DomainDamage: Sendable, CustomTestStringConvertible {
    var replace: String
    var with: String
    var line: Int
    var says: String
    var testDescription: String { self.says }

    init(_ replace: String, _ with: String, line: Int, _ says: String) {
        (self.replace, self.with, self.line, self.says) = (replace, with, line, says)
    }

    /// A small valid domain.
    static let valid = """
        name: gym
        id: memberID
        label: {column: Left, positive: "Yes", negative: "No"}
        segment: Plan
        value: Fee
        features:
          - {name: Plan, type: categorical, encoding: ordinal, categories: [Basic, Plus (yearly)]}
          - {name: Fee, type: numeric}
          - {name: Visits, type: numeric, column: visit_count}
          - {name: Frozen, type: boolean}
          - {name: City, type: categorical}
        events:
          - {type: visit, weight: 2, details: Came by, add: {Visits: 1}}
          - type: freeze
            when: {Frozen: {is: false}, Plan: {contains: yearly}}
            set: {Frozen: true}
        actions:
          - {id: upgrade, title: Upgrade, when: {Plan: {is: Basic}}, set: {Plan: Plus (yearly)}}
        bands: {critical: 0.9, high: 0.6, medium: 0.3}
        """

    static let all = sections + features + rules + texts

    private static let sections = [
        DomainDamage("name: gym\n", "", line: 1, "the section `name` is missing"),
        DomainDamage("id: memberID\n", "", line: 1, "the section `id` is missing"),
        DomainDamage("label: {column: Left, positive: \"Yes\", negative: \"No\"}\n", "", line: 1, "`label` is missing"),
        DomainDamage("segment: Plan\n", "", line: 1, "the section `segment` is missing"),
        DomainDamage("segment: Plan", "segmant: Plan", line: 4, "did you mean `segment`?"),
        DomainDamage("name: gym", "name: [gym]", line: 1, "name is not a text"),
        DomainDamage("name: gym", "name:", line: 1, "name is not a text"),
        DomainDamage("name: gym", "name: \"g\\0m\"", line: 1, "control character"),
        DomainDamage("id: memberID", "id: member ID", line: 2, "not a plain name"),
        DomainDamage("id: memberID", "id: churn_version", line: 2, "one of the system's own"),
        DomainDamage("id: memberID", "id: Fee", line: 8, "the feature Fee is the customer id"),
        DomainDamage("id: memberID", "id: visit_count", line: 9, "is the customer id's"),
        DomainDamage("column: Left, ", "", line: 3, "label has no `column`"),
        DomainDamage("column: Left", "colunm: Left", line: 3, "did you mean `column`?"),
        DomainDamage("negative: \"No\"", "negative: \"Yes\"", line: 3, "are the same"),
        DomainDamage("column: Left", "column: Fee", line: 3, "is the customer id or a feature too"),
        DomainDamage("{column: Left, positive: \"Yes\", negative: \"No\"}", "Left", line: 3, "not a mapping"),
        DomainDamage("segment: Plan", "segment: Plam", line: 4, "did you mean `Plan`?"),
        DomainDamage("segment: Plan", "segment: Fee", line: 4, "name a feature of type categorical"),
        DomainDamage("value: Fee", "value: Plan", line: 5, "name a feature of type numeric"),
        DomainDamage("value: Fee", "value: Shoes", line: 5, "there is no feature `Shoes`"),
        DomainDamage("high: 0.6", "high: 0.95", line: 19, "make critical > high > medium"),
        DomainDamage("critical: 0.9", "critical: 1.5", line: 19, "bands.critical is outside 0...1"),
        DomainDamage("medium: 0.3", "medium: low", line: 19, "bands.medium is not a number"),
        DomainDamage("medium: 0.3", "low: 0.3", line: 19, "keys are `critical`, `high`, `medium`"),
    ]

    private static let features = [
        DomainDamage("{name: Fee, type", "{nmae: Fee, name: Fee, type", line: 8, "did you mean `name`?"),
        DomainDamage("{name: Fee, type: numeric}", "Fee", line: 8, "a feature is not a mapping"),
        DomainDamage("- {name: Frozen, type: boolean}", "- {type: boolean}", line: 10, "a feature has no `name`"),
        DomainDamage("name: Frozen, type: boolean", "name: Frozen", line: 10, "the feature Frozen has no `type`"),
        DomainDamage("type: boolean", "type: bolean", line: 10, "did you mean `boolean`?"),
        DomainDamage("type: boolean", "type: date", line: 10, "use one of `numeric`, `categorical`, `boolean`"),
        DomainDamage("type: boolean", "type: boolean, encoding: one-hot", line: 10, "cannot have the encoding one-hot"),
        DomainDamage("type: boolean", "type: boolean, categories: [a]", line: 10, "has categories"),
        DomainDamage("encoding: ordinal", "encoding: numeric", line: 7, "use one-hot or ordinal"),
        DomainDamage("encoding: ordinal", "encoding: ordinals", line: 7, "did you mean `ordinal`?"),
        DomainDamage("name: City", "encoding: ordinal, name: City", line: 11, "lists no categories"),
        DomainDamage("name: City", "categories: [], name: City", line: 11, "`categories` of City is empty"),
        DomainDamage("name: City", "categories: [a, a], name: City", line: 11, "is listed twice"),
        DomainDamage("name: City", "categories: a, name: City", line: 11, "not a list"),
        DomainDamage("name: City", "name: fee", line: 11, "the feature fee is already there in line 8"),
        DomainDamage("name: City", "name: City, column: fee", line: 11, "Fee and City share the column `fee`"),
        DomainDamage("name: City", "name: Home City", line: 11, "use a to z, digits and _"),
        DomainDamage("name: City", "name: City, column: City", line: 11, "not a plain name"),
        DomainDamage("name: City", "name: 2nd", line: 11, "not a digit first"),
        DomainDamage("name: City", "name: Churn_Probability", line: 11, "one of the system's own"),
        DomainDamage("name: City", "name: ctid", line: 11, "one of the system's own"),
        DomainDamage("name: City", "name: \(String(repeating: "c", count: 64))", line: 11, "longer than 63 bytes"),
    ]

    private static let rules = [
        DomainDamage("{type: visit,", "{", line: 13, "an event has no `type`"),
        DomainDamage("weight: 2", "wieght: 2", line: 13, "did you mean `weight`?"),
        DomainDamage("weight: 2", "weight: -2", line: 13, "the weight of visit is negative"),
        DomainDamage("weight: 2", "weight: \"2\"", line: 13, "the weight of visit is not a number"),
        DomainDamage("weight: 2", "weight: .inf", line: 13, "the weight of visit is not a number"),
        DomainDamage("weight: 2", "churned: perhaps", line: 13, "`churned` of visit is not a yes or no"),
        DomainDamage("weight: 2", "churned: \"true\"", line: 13, "write true or false without quotes"),
        DomainDamage("weight: 2", "chuned: true", line: 13, "did you mean `churned`?"),
        DomainDamage("type: freeze", "type: visit", line: 14, "the event visit is already there in line 13"),
        DomainDamage("add: {Visits: 1}", "add: {Visit: 1}", line: 13, "did you mean `Visits`?"),
        DomainDamage("add: {Visits: 1}", "add: {Visits: one}", line: 13, "there is no feature `one`"),
        DomainDamage("add: {Visits: 1}", "add: {Visits: Plan}", line: 13, "adds Plan, which is categorical"),
        DomainDamage("add: {Visits: 1}", "add: {Plan: 1}", line: 13, "`add` needs a numeric feature"),
        DomainDamage("add: {Visits: 1}", "add: {Visits: 1, visits: 2}", line: 13, "names visits twice"),
        DomainDamage("add: {Visits: 1}", "add: {Visits: 1}, set: {Visits: 3}", line: 13, "sets and adds to Visits"),
        DomainDamage("add: {Visits: 1}", "add: {}", line: 13, "is empty"),
        DomainDamage("add: {Visits: 1}", "add: Visits", line: 13, "not a mapping"),
        DomainDamage("is: false", "equals: false", line: 15, "unknown key `equals`"),
        DomainDamage("is: false", "is: \"false\"", line: 15, "not a yes or no"),
        DomainDamage("is: false", "is: 0", line: 15, "not a yes or no"),
        DomainDamage("is: false", "contains: f", line: 15, "use `is` or `is_not`"),
        DomainDamage("{is: false}", "{}", line: 15, "the condition on Frozen is empty"),
        DomainDamage("{is: false}", "false", line: 15, "not a mapping"),
        DomainDamage("contains: yearly", "contains: weekly", line: 15, "no category of Plan contains `weekly`"),
        DomainDamage("set: {Frozen: true}", "set: {Fee: much}", line: 16, "the value of Fee is not a number"),
        DomainDamage("set: {Frozen: true}", "set: {Fee: nan}", line: 16, "the value of Fee is not a number"),
        DomainDamage("set: {Frozen: true}", "set: {City: [a]}", line: 16, "the value of City is not a text"),
        DomainDamage("set: {Frozen: true}", "set: {Plan: Basis}", line: 16, "did you mean `Basic`?"),
        DomainDamage("set: {Plan: Plus (yearly)}", "set: {Plan: Gold}", line: 18, "are `Basic`, `Plus (yearly)`"),
        DomainDamage(", set: {Plan: Plus (yearly)}", "", line: 18, "the action upgrade changes nothing"),
        DomainDamage("{id: upgrade, ", "{", line: 18, "an action has no `id`"),
        DomainDamage("title: Upgrade", "titel: Upgrade", line: 18, "did you mean `title`?"),
    ]

    private static let texts = [
        DomainDamage("name: gym", "name: gym\nname: gym", line: 1, "occurs more than once"),
        DomainDamage("value: Fee", "value: [Fee", line: 6, "not YAML"),
        DomainDamage("value: Fee", "\tvalue: Fee", line: 5, "not YAML"),
        DomainDamage("value: Fee", "value: Fee\u{7}", line: 5, "not YAML"),
        DomainDamage("medium: 0.3}", "medium: 0.3}\n---\nname: other", line: 20, "not YAML"),
    ]
}
