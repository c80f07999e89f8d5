package proof

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/seed44d1d1b3/kyc-go/didit"
	"github.com/seed44d1d1b3/kyc-go/jumio"
	"github.com/seed44d1d1b3/kyc-go/kyc"
	"github.com/seed44d1d1b3/kyc-go/kyc/kyctest"
	"github.com/seed44d1d1b3/kyc-go/transmit"
	"github.com/seed44d1d1b3/kyc-go/yoti"
)

// vendor is what the tests of this package need of one.
type vendor struct {
	name  kyc.Vendor
	table kyc.Table
	// parse are the vendor's readers of results by name; the first is ParseResult.
	parse []reader
	// options adapt the mutation proof.
	options []kyctest.ProveOption
}

type reader struct {
	name  string
	parse func(raw []byte) (*kyc.Result, error)
}

var vendors = []vendor{
	{
		name: kyc.Jumio, table: jumio.Table(),
		parse: []reader{{"ParseResult", func(raw []byte) (*kyc.Result, error) { return jumio.ParseResult(raw) }}},
	},
	{
		name: kyc.Transmit, table: transmit.Table(),
		parse: []reader{
			{"ParseResult", func(raw []byte) (*kyc.Result, error) { return transmit.ParseResult(raw) }},
			{"ParseFaceAuthResult", func(raw []byte) (*kyc.Result, error) { return transmit.ParseFaceAuthResult(raw) }},
		},
	},
	{
		name: kyc.Didit, table: didit.Table(),
		parse: []reader{{"ParseResult", func(raw []byte) (*kyc.Result, error) { return didit.ParseResult(raw) }}},
		// The vendor's own documents write its words in several cases.
		options: []kyctest.ProveOption{kyctest.IgnoresCase()},
	},
	{
		name: kyc.Yoti, table: yoti.Table(),
		parse: []reader{{"ParseResult", func(raw []byte) (*kyc.Result, error) { return yoti.ParseResult(raw) }}},
		options: []kyctest.ProveOption{
			// A session has a profile only if one was asked for; the answer without it is that of another session. One that is
			// null is unknown.
			kyctest.Optional("/identity_profile", "/advanced_identity_profile"),
		},
	},
}

// approving lists the words of the table that approve.
func (v vendor) approving() []string {
	var words []string
	for _, r := range v.table {
		if r.Decision == kyc.Approved && !slices.Contains(words, r.Word) {
			words = append(words, r.Word)
		}
	}
	return words
}

// fixtures returns every fixture of the vendor by its path below testdata/fixtures; whatever it holds, no reader may
// approve it by accident.
func (v vendor) fixtures(t testing.TB) map[string][]byte {
	t.Helper()
	all := map[string][]byte{}
	root := filepath.Join("..", "..", "testdata", "fixtures")
	err := filepath.WalkDir(filepath.Join(root, string(v.name)), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) == ".md" {
			return err
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(root, path)
		all[filepath.ToSlash(name)] = b
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(all) == 0 {
		t.Fatalf("no fixtures of %s", v.name)
	}
	return all
}

// results calls f with the result of every fixture that the readers take, and refuses every other outcome than
// one or ErrMalformed.
func (v vendor) results(t *testing.T, f func(t *testing.T, r *kyc.Result)) {
	t.Helper()
	for name, raw := range v.fixtures(t) {
		for _, reader := range v.parse {
			t.Run(name+"/"+reader.name, func(t *testing.T) {
				r, err := reader.parse(raw)
				switch {
				case err != nil && (r != nil || !errors.Is(err, kyc.ErrMalformed)):
					t.Fatalf("%v, %v", r, err)
				case err != nil:
					return
				case !bytes.Equal(r.Raw, raw):
					t.Error("Raw is not what was parsed")
				}
				f(t, r)
			})
		}
	}
}
