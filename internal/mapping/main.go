// Command mapping writes kyc/MAPPING.md from the decision tables of the vendor
// packages, or with -check fails where the page differs from them.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	check := flag.Bool("check", false, "write nothing and fail where the page differs from the tables")
	flag.Parse()
	if err := run(*check); err != nil {
		fmt.Fprintln(os.Stderr, "mapping:", err)
		os.Exit(1)
	}
}

func run(check bool) error {
	root, err := moduleRoot()
	if err != nil {
		return err
	}
	text, err := render(vendors())
	if err != nil {
		return err
	}
	page := filepath.Join(root, "kyc", "MAPPING.md")
	if !check {
		return os.WriteFile(page, []byte(text), 0o644)
	}
	have, err := os.ReadFile(page)
	if err != nil {
		return err
	}
	if string(have) != text {
		return errors.New("kyc/MAPPING.md differs from the tables: run go run ./internal/mapping")
	}
	return nil
}

// moduleRoot finds the directory of go.mod above the working directory.
func moduleRoot() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", errors.New("no go.mod above the working directory")
		}
		dir = parent
	}
}
