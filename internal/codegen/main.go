package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
)

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		if !errors.Is(err, flag.ErrHelp) {
			fmt.Fprintln(os.Stderr, err)
		}
		os.Exit(1)
	}
}

var vendorForm = regexp.MustCompile("^[a-z][a-z0-9]*$")

// run is the command: codegen [-check] [-root DIR] vendor...
func run(args []string, out io.Writer) error {
	flags := flag.NewFlagSet("codegen", flag.ContinueOnError)
	flags.SetOutput(out)
	check := flags.Bool("check", false, "write nothing, fail when the files on disk differ")
	root := flags.String("root", filepath.Join("..", ".."), "root of the module")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() == 0 {
		return errors.New("codegen: name the vendors")
	}
	var errs []error
	for _, vendor := range flags.Args() {
		if !vendorForm.MatchString(vendor) {
			errs = append(errs, fmt.Errorf("codegen: %q is no vendor", vendor))
			continue
		}
		j := job{root: *root, vendor: vendor, check: *check, out: out}
		if err := j.run(); err != nil {
			errs = append(errs, fmt.Errorf("codegen %s:\n%w", vendor, err))
		}
	}
	return errors.Join(errs...)
}
