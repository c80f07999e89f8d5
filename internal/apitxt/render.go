package main

import (
	"fmt"
	"go/types"
	"sort"
	"strconv"
	"strings"
)

// prefix is left out of package paths.
const prefix = "github.com/seed44d1d1b3/kyc-go/"

// render returns a package's lines in the order of the alphabet.
func render(p *types.Package) []string {
	r := renderer{p: p}
	scope := p.Scope()
	for _, name := range scope.Names() {
		if obj := scope.Lookup(name); obj.Exported() {
			r.object(obj)
		}
	}
	sort.Strings(r.lines)
	return r.lines
}

type renderer struct {
	p     *types.Package
	lines []string
}

func (r *renderer) add(format string, args ...any) {
	r.lines = append(r.lines, "pkg "+strings.TrimPrefix(r.p.Path(), prefix)+", "+fmt.Sprintf(format, args...))
}

// name writes other packages by their names, as source does.
func (r *renderer) name(p *types.Package) string {
	if p == r.p {
		return ""
	}
	return p.Name()
}

func (r *renderer) object(obj types.Object) {
	switch obj := obj.(type) {
	case *types.Const:
		r.add("const %s %s = %s", obj.Name(), types.TypeString(obj.Type(), r.name), obj.Val().ExactString())
	case *types.TypeName:
		r.typeName(obj)
	default:
		r.add("%s", types.ObjectString(obj, r.name))
	}
}

func (r *renderer) typeName(obj *types.TypeName) {
	head := "type " + obj.Name()
	if obj.IsAlias() {
		r.add("%s = %s", head, types.TypeString(types.Unalias(obj.Type()), r.name))
		return
	}
	named := obj.Type().(*types.Named)
	if params := named.TypeParams(); params.Len() > 0 {
		list := make([]string, params.Len())
		for i := range list {
			list[i] = params.At(i).Obj().Name() + " " + types.TypeString(params.At(i).Constraint(), r.name)
		}
		head += "[" + strings.Join(list, ", ") + "]"
	}
	switch t := named.Underlying().(type) {
	case *types.Struct:
		r.add("%s struct", head)
		r.fields(head, t)
	case *types.Interface:
		r.add("%s interface", head)
		r.interfaceMethods(head, t)
	default:
		r.add("%s %s", head, types.TypeString(t, r.name))
	}
	for m := range named.Methods() {
		if m.Exported() {
			r.method(m)
		}
	}
}

// fields lists the exported ones with their tags: a changed JSON name or a lost mark on personal data is a change too.
func (r *renderer) fields(head string, t *types.Struct) {
	for i := range t.NumFields() {
		f := t.Field(i)
		if !f.Exported() {
			continue
		}
		line := f.Name() + " " + types.TypeString(f.Type(), r.name)
		if f.Embedded() {
			line = "embedded " + types.TypeString(f.Type(), r.name)
		}
		if tag := t.Tag(i); tag != "" {
			line += " " + quote(tag)
		}
		r.add("%s struct, %s", head, line)
	}
}

func quote(tag string) string {
	if strconv.CanBackquote(tag) {
		return "`" + tag + "`"
	}
	return strconv.Quote(tag)
}

func (r *renderer) interfaceMethods(head string, t *types.Interface) {
	for i := range t.NumExplicitMethods() {
		m := t.ExplicitMethod(i)
		if !m.Exported() {
			r.add("%s interface, unexported methods", head)
			continue
		}
		r.add("%s interface, %s%s", head, m.Name(), strings.TrimPrefix(types.TypeString(m.Type(), r.name), "func"))
	}
	for e := range t.EmbeddedTypes() {
		r.add("%s interface, embedded %s", head, types.TypeString(e, r.name))
	}
}

func (r *renderer) method(m *types.Func) {
	sig := m.Signature()
	r.add("method (%s) %s%s", types.TypeString(sig.Recv().Type(), r.name), m.Name(), strings.TrimPrefix(types.TypeString(sig, r.name), "func"))
}
