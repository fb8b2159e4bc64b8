"""TF-IDF neighbours: the films of TMDB 5000 that are described like a few others.

The first project of many courses: overview, keywords, genres and people become TF-IDF vectors,
and the cosine between two films is their similarity. TMDB 5000 is a free download from Kaggle;
put its CSV files into the folder `tmdb-5000` below the folder that `MATINEE_MIRROR` names.
"""

import matinee

films = matinee.load("tmdb-5000")
recommender = matinee.train(films, "content")
for title in ("Toy Story", "Alien", "The Godfather"):
    similar = recommender.similar(title, n=5)
    print(title)
    for name, year, score in similar.to_frame()["title", "year", "score"].iter_rows():
        print(f"  {score:.2f}  {name} ({year})")
