package faults

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// columns are the kinds of operation in the matrix.
var columns = []struct {
	title string
	holds func(op *operation) bool
}{
	{"safe, JSON", func(op *operation) bool { return op.class == safe && op.output == decoded }},
	{"safe, download", func(op *operation) bool { return op.class == safe && op.output == written }},
	{"safe, status only", func(op *operation) bool { return op.class == safe && op.output == ignored }},
	{"if not processed", func(op *operation) bool { return op.class == ifNotProcessed }},
	{"never", func(op *operation) bool { return op.class == never }},
}

// groups name sets of operations that differ from the rest of their column.
var groups = []struct {
	name  string
	holds func(op *operation) bool
}{
	{"the request for a token", func(op *operation) bool { return op.token }},
	{"with an access token", usesToken},
	{"without an access token", func(op *operation) bool { return !usesToken(op) }},
	{"without a body to send", func(op *operation) bool { return op.has(bodiless) }},
	{"deletes that may have been done", func(op *operation) bool { return op.method == http.MethodDelete }},
	{"status only", func(op *operation) bool { return op.output == ignored }},
	{"without a body to read, or with one that may be missing", func(op *operation) bool { return op.output == ignored || op.has(emptyOK) }},
	{"media links", func(op *operation) bool { return op.has(follows) }},
	{"by token at Yoti", func(op *operation) bool { return op.vendor == kyc.Yoti && op.tokens }},
}

// render writes the matrix: a row for each fault, a column for each kind of operation.
func render(ops []*operation, rows []*fault, cells map[*operation][]string) string {
	var b strings.Builder
	met := 0
	var table strings.Builder
	for i, f := range rows {
		table.WriteString("| " + f.name + " |")
		for _, c := range columns {
			by := map[string][]*operation{}
			var members []*operation
			for _, op := range ops {
				if !c.holds(op) || cells[op][i] == notApplicable {
					continue
				}
				met++
				members = append(members, op)
				by[cells[op][i]] = append(by[cells[op][i]], op)
			}
			table.WriteString(" " + summary(members, by) + " |")
		}
		table.WriteString("\n")
	}
	fmt.Fprintf(&b, `# Fault matrix

Written by %s; a difference between this page and the code fails the tests.

%d operations meet %d faults, %d meetings. A row is a fault, a column a kind of operation: when it may be sent again, and what
becomes of the answer's body. A cell holds the class of the error, as errors.Is tells it, and the number of requests that the
vendor's server saw; behind a slash the number that was sent, where it is another. Operations that fare otherwise than
most of their column stand behind the semicolon. Retries follow the default policy of four attempts. %s marks what
cannot happen.

In every meeting the test also looks for a connection or goroutine that stays, and for tokens, keys, ids, names and other
values of request and answer in the error, the log and the observations. A create that the vendor may have acted
on was never seen twice.

`, "`go test ./internal/faults -update`", len(ops), len(rows), met, notApplicable)
	b.WriteString("| fault |")
	for _, c := range columns {
		b.WriteString(" " + c.title + " |")
	}
	b.WriteString("\n|---|" + strings.Repeat("---|", len(columns)) + "\n" + table.String() + "\n## Operations\n\n")
	for _, c := range columns {
		var names []string
		for _, op := range ops {
			if c.holds(op) {
				names = append(names, op.String())
			}
		}
		fmt.Fprintf(&b, "- %s (%d): %s\n", c.title, len(names), strings.Join(names, ", "))
	}
	return b.String()
}

// summary writes the most frequent outcome and who has another.
func summary(members []*operation, by map[string][]*operation) string {
	if len(members) == 0 {
		return notApplicable
	}
	outcomes := make([]string, 0, len(by))
	for text := range by {
		outcomes = append(outcomes, text)
	}
	slices.SortFunc(outcomes, func(a, b string) int {
		if d := len(by[b]) - len(by[a]); d != 0 {
			return d
		}
		return strings.Compare(a, b)
	})
	text := outcomes[0]
	for _, other := range outcomes[1:] {
		text += "; " + who(members, by[other]) + ": " + other
	}
	return text
}

// who names a set of operations.
func who(members, some []*operation) string {
	for _, g := range groups {
		var all []*operation
		for _, op := range members {
			if g.holds(op) {
				all = append(all, op)
			}
		}
		if slices.Equal(all, some) {
			return g.name
		}
	}
	var names []string
	for _, op := range some {
		names = append(names, op.String())
	}
	return strings.Join(names, ", ")
}
