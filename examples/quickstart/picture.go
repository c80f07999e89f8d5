package main

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"strings"

	"github.com/seed44d1d1b3/kyc-go/jumio"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// drawPart makes a picture for a part in memory: a card with lines of print, or a face.
func drawPart(part jumio.Part) image.Image {
	img := image.NewRGBA(image.Rect(0, 0, 856, 540))
	fill := func(r image.Rectangle, c color.Color) {
		draw.Draw(img, r, image.NewUniform(c), image.Point{}, draw.Src)
	}
	fill(img.Bounds(), color.RGBA{R: 214, G: 226, B: 236, A: 255})
	ink := color.RGBA{R: 40, G: 52, B: 70, A: 255}
	if part == jumio.PartFace {
		disc(img, image.Pt(428, 250), 170, color.RGBA{R: 224, G: 188, B: 160, A: 255})
		disc(img, image.Pt(370, 220), 16, ink)
		disc(img, image.Pt(486, 220), 16, ink)
		fill(image.Rect(370, 320, 486, 334), ink)
		return img
	}
	if part == jumio.PartFront {
		fill(image.Rect(40, 120, 260, 420), color.RGBA{R: 150, G: 170, B: 190, A: 255})
		disc(img, image.Pt(150, 250), 70, color.RGBA{R: 224, G: 188, B: 160, A: 255})
	}
	for i := range 6 {
		fill(image.Rect(300, 130+50*i, 560+40*(i%3), 146+50*i), ink)
	}
	return img
}

func disc(img *image.RGBA, centre image.Point, radius int, c color.Color) {
	for y := -radius; y <= radius; y++ {
		for x := -radius; x <= radius; x++ {
			if x*x+y*y <= radius*radius {
				img.Set(centre.X+x, centre.Y+y, c)
			}
		}
	}
}

// picture returns the part's picture as a PNG file in memory.
func picture(part jumio.Part) (kyc.File, error) {
	var b bytes.Buffer
	if err := png.Encode(&b, drawPart(part)); err != nil {
		return kyc.File{}, err
	}
	return kyc.FileBytes(strings.ToLower(string(part))+".png", "image/png", b.Bytes()), nil
}
