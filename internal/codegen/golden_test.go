package main

import (
	"errors"
	"flag"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func loadCase(t *testing.T, name string) input {
	t.Helper()
	in := input{vendor: "acme", documentFile: "openapi.yaml", overlayFile: "overlay.yaml"}
	var err1, err2 error
	in.document, err1 = os.ReadFile(filepath.Join("testdata", name, in.documentFile))
	in.overlay, err2 = os.ReadFile(filepath.Join("testdata", name, in.overlayFile))
	if err := errors.Join(err1, err2); err != nil {
		t.Fatal(err)
	}
	return in
}

func generate(t *testing.T, in input) (goFile, schemaFile []byte) {
	t.Helper()
	g, err := prepare(in)
	if err != nil {
		t.Fatal(err)
	}
	if goFile, err = g.emitGo(); err != nil {
		t.Fatal(err)
	}
	if schemaFile, err = g.emitSchemas(); err != nil {
		t.Fatal(err)
	}
	return goFile, schemaFile
}

func TestGolden(t *testing.T) {
	for _, name := range []string{"shapes", "shared", "merge"} {
		t.Run(name, func(t *testing.T) {
			goFile, schemaFile := generate(t, loadCase(t, name))
			golden(t, filepath.Join("testdata", name, "zz_types.go.golden"), goFile)
			golden(t, filepath.Join("testdata", name, "zz_schema.json.golden"), schemaFile)
			typeCheck(t, goFile)
		})
	}
}

func golden(t *testing.T, path string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}

func TestOutputIsDeterministic(t *testing.T) {
	for _, name := range []string{"shapes", "shared", "merge"} {
		in := loadCase(t, name)
		goFile, schemaFile := generate(t, in)
		for range 20 {
			again, schemaAgain := generate(t, in)
			if diff := cmp.Diff(string(goFile), string(again)); diff != "" {
				t.Fatalf("%s: types differ from run to run:\n%s", name, diff)
			}
			if diff := cmp.Diff(string(schemaFile), string(schemaAgain)); diff != "" {
				t.Fatalf("%s: schemas differ from run to run:\n%s", name, diff)
			}
		}
	}
}

// stubs are as much of the imported packages as generated code uses.
var stubs = map[string]string{
	"encoding/json": "package json; type RawMessage []byte",
	"fmt":           "package fmt; type State interface{}",
	"log/slog":      "package slog; type Value struct{}",
	modulePath + "/kyc": `package kyc
		import ("fmt"; "log/slog")
		type (Raw struct{}; Secret string; Timestamp string; Date string; Thing struct{})
		func (Raw) RawJSON() []byte { return nil }
		func (Raw) Mismatches() []string { return nil }
		func FormatRedacted(fmt.State, rune, any) {}
		func LogRedacted(any) slog.Value { return slog.Value{} }
		func FormatName(fmt.State, string) {}
		func LogName(string) slog.Value { return slog.Value{} }`,
}

type stubImporter map[string]*types.Package

func (s stubImporter) Import(path string) (*types.Package, error) {
	if p := s[path]; p != nil {
		return p, nil
	}
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, path, stubs[path], 0)
	if err != nil {
		return nil, err
	}
	conf := types.Config{Importer: s}
	s[path], err = conf.Check(path, fset, []*ast.File{file}, nil)
	return s[path], err
}

// typeCheck holds generated code against the compiler's rules.
func typeCheck(t *testing.T, src []byte) {
	t.Helper()
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "zz_types.go", src, 0)
	if err != nil {
		t.Fatal(err)
	}
	conf := types.Config{Importer: stubImporter{}}
	if _, err := conf.Check("acme", fset, []*ast.File{file}, nil); err != nil {
		t.Error(err)
	}
}
