package kyc

import (
	"strconv"
	"strings"
	"testing"
)

// Each member and element is looked up once, however much evidence there is: a look at each piece for each element would
// outlast the test's time.
func TestCiteAllOfALongList(t *testing.T) {
	const n = 300_000
	var doc strings.Builder
	doc.WriteString(`{"checks":[0`)
	evidence := make([]Evidence, n)
	for i := range n {
		doc.WriteString("," + strconv.Itoa(i))
		evidence[i].Pointer = PointerTo("checks", i+1)
	}
	doc.WriteString("]}")
	r := &Result{Raw: []byte(doc.String())}
	r.CiteAll(evidence...)
	for _, i := range []int{0, 1, n / 2, n - 1} {
		if got := string(r.Evidence[i].Value); got != strconv.Itoa(i) {
			t.Errorf("%s: %q", r.Evidence[i].Pointer, got)
		}
	}
}
