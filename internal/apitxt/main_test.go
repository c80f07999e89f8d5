package main

import (
	"bytes"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const source = `package p

import "io"

const Two Count = 2
const hidden = 1

var ErrX error

type Count uint8
func (Count) String() string { return "" }

type Pair[K comparable, V any] struct {
	Key K ` + "`json:\"key\" kyc:\"personal\"`" + `
	Value V
	note string
	io.Reader
}
func (p *Pair[K, V]) Set(k K, v V) {}
func (p *Pair[K, V]) clear() {}

type Doer interface {
	io.Closer
	Do(n int, rest ...string) (err error)
	undo()
}
type Alias = io.Writer
type secret int
func New(c Count) *Pair[string, int] { return nil }
func old() {}
`

func TestRender(t *testing.T) {
	files := token.NewFileSet()
	f, err := parser.ParseFile(files, "p.go", source, 0)
	if err != nil {
		t.Fatal(err)
	}
	config := types.Config{Importer: importer.Default()}
	p, err := config.Check(prefix+"p", files, []*ast.File{f}, nil)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"pkg p, const Two Count = 2",
		"pkg p, func New(c Count) *Pair[string, int]",
		"pkg p, method (*Pair[K, V]) Set(k K, v V)",
		"pkg p, method (Count) String() string",
		"pkg p, type Alias = io.Writer",
		"pkg p, type Count uint8",
		"pkg p, type Doer interface",
		"pkg p, type Doer interface, Do(n int, rest ...string) (err error)",
		"pkg p, type Doer interface, embedded io.Closer",
		"pkg p, type Doer interface, unexported methods",
		"pkg p, type Pair[K comparable, V any] struct",
		"pkg p, type Pair[K comparable, V any] struct, Key K `json:\"key\" kyc:\"personal\"`",
		"pkg p, type Pair[K comparable, V any] struct, Value V",
		"pkg p, type Pair[K comparable, V any] struct, embedded io.Reader",
		"pkg p, var ErrX error",
	}
	if diff := cmp.Diff(want, render(p)); diff != "" {
		t.Error(diff)
	}
}

func TestPublic(t *testing.T) {
	for path, want := range map[string]bool{
		prefix + "kyc": true, prefix + "jumio/jumiotest": true, prefix + "internal/transport": false, prefix + "examples/batch": false,
		prefix + "kyc/kycredis/internal": false,
	} {
		if got := public(path); got != want {
			t.Errorf("public(%s) = %v", path, got)
		}
	}
}

func TestReport(t *testing.T) {
	var out bytes.Buffer
	report(&out, []byte("a\nb\n"), []byte("b\nc\n"))
	if diff := cmp.Diff("-a\n+c\n", out.String()); diff != "" {
		t.Error(diff)
	}
	out.Reset()
	report(&out, nil, []byte(strings.Repeat("x\n", maxReport+3)))
	if !strings.HasSuffix(out.String(), "and 3 more lines\n") {
		t.Error(out.String())
	}
}
