package main

import (
	"bytes"
	"fmt"
	"go/importer"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"strings"
)

// modules are the directories of the modules that users import.
var modules = []string{".", "kyc/kycredis", "kyc/kycotel"}

// load returns the packages that users import, type-checked from the compiler's export data.
func load(modules []string) ([]*types.Package, error) {
	var out []*types.Package
	for _, dir := range modules {
		if _, err := os.Stat(dir + "/go.mod"); err != nil {
			return nil, err
		}
		paths, err := list(dir, "{{.ImportPath}}")
		if err != nil {
			return nil, err
		}
		exports, err := list(dir, "{{.ImportPath}} {{.Export}}", "-export", "-deps")
		if err != nil {
			return nil, err
		}
		files := map[string]string{}
		for _, line := range exports {
			path, file, _ := strings.Cut(line, " ")
			files[path] = file
		}
		from := importer.ForCompiler(token.NewFileSet(), "gc", func(path string) (io.ReadCloser, error) {
			if files[path] == "" {
				return nil, fmt.Errorf("no export data of %s", path)
			}
			return os.Open(files[path])
		})
		for _, path := range paths {
			if !public(path) {
				continue
			}
			p, err := from.Import(path)
			if err != nil {
				return nil, err
			}
			out = append(out, p)
		}
	}
	return out, nil
}

func list(dir, format string, flags ...string) ([]string, error) {
	args := append([]string{"-C", dir, "list", "-f", format}, flags...)
	cmd := exec.Command("go", append(args, "./...")...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list in %s: %w\n%s", dir, err, stderr.String())
	}
	return strings.Split(strings.TrimSpace(string(out)), "\n"), nil
}

// public tells whether users can and should import a package.
func public(path string) bool {
	for part := range strings.SplitSeq(path, "/") {
		if part == "internal" || part == "examples" {
			return false
		}
	}
	return true
}
